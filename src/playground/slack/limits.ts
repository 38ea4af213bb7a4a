/**
 * Slack's limits, as far as the stand-in enforces them. Characters are UTF-16 units, as Slack's own JSON schemas count them.
 * Sources: the doc comments of @slack/types 3.2.0 unless another is named. Where sources differ, the smaller number stands here.
 */
export const LIMIT = {
  /** docs.slack.dev/reference/methods/chat.postMessage: longer text is cut there; here it is refused, so that nothing is lost unseen. */
  messageText: 40_000,
  /** docs.slack.dev/reference/methods/chat.update, `msg_too_long`. */
  updateText: 4_000,
  messageBlocks: 50,
  /** bolt-js issue 2509: `msg_blocks_too_long` sets in at 13,297 characters of text, less about 125 for each further block. */
  messageBlocksText: 13_200,
  messageBlockCost: 125,
  /** docs.slack.dev/reference/methods/chat.postMessage, `too_many_attachments`. */
  attachments: 100,
  /** docs.slack.dev/messaging/message-metadata, `metadata_too_large`. */
  metadataBytes: 8_000,
  viewBlocks: 100,
  /** docs.slack.dev/reference/methods/views.open, `view_too_large`. */
  viewBytes: 250_000,
  modalStack: 3,
  modalWords: 24,
  privateMetadata: 3_000,
  callbackId: 255,
  externalId: 255,
  blockId: 255,
  actionId: 255,
  textObject: 3_000,
  sectionFields: 10,
  sectionField: 2_000,
  actionsElements: 25,
  contextElements: 10,
  contextActionsElements: 5,
  header: 150,
  markdown: 12_000,
  altText: 2_000,
  imageTitle: 2_000,
  url: 3_000,
  inputLabel: 2_000,
  inputHint: 2_000,
  tableRows: 100,
  tableCells: 20,
  buttonText: 75,
  /** docs.slack.dev/reference/block-kit/block-elements/button-element. */
  buttonValue: 2_000,
  accessibilityLabel: 75,
  placeholder: 150,
  options: 100,
  optionGroups: 100,
  optionText: 75,
  /** The pages of docs.slack.dev say 150; @slack/types says 75. */
  optionValue: 75,
  optionDescription: 75,
  overflowOptions: 5,
  choiceOptions: 10,
  plainTextInput: 3_000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  files: 10,
  cardTitle: 150,
  cardBody: 200,
  carouselCards: 10,
  containerTitle: 150,
  containerBlocks: 10,
  dataTablePage: 100,
  videoTitle: 200,
  videoAuthor: 50,
  /** docs.slack.dev/interactivity: how long a trigger_id may be exchanged, and how long Slack waits for an answer. */
  triggerMs: 3_000,
  answerMs: 3_000,
  /** docs.slack.dev/interactivity/handling-user-interaction: a response_url's uses and life. */
  responseUrlUses: 5,
  responseUrlMs: 30 * 60_000,
} as const;

/** The Events API delivers again at once, after about one minute and after about five (bolt-python issue 845). */
export const EVENT_RETRY_AFTER_MS = [0, 60_000, 300_000] as const;
