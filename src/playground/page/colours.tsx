/** The switch between light and dark. */
import { CHOICES, choose, useColours } from "./live/colours.ts";
import { TEXT } from "./texts.ts";

export function ColourSwitch() {
  const { chosen } = useColours();
  return (
    <fieldset className="colours">
      <legend className="unseen">{TEXT.colours}</legend>
      {CHOICES.map((each) => (
        <label key={each}>
          <input className="unseen" type="radio" name="colours" value={each} checked={each === chosen} onChange={() => choose(each)} />
          <span>{TEXT.colourNames[each]}</span>
        </label>
      ))}
    </fieldset>
  );
}
