import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { applyColours } from "./live/colours.ts";
import { openWorkspace } from "./live/workspace.ts";
import "./style/ground.css";
import "./style/side.css";
import "./style/guide.css";
import "./style/chat.css";
import "./style/thread.css";
import "./style/blocks.css";
import "./style/inputs.css";
import "./style/timeline.css";
import "./style/narrow.css";

applyColours();
const workspace = openWorkspace();
workspace.start();
createRoot(document.getElementById("page")!).render(
  <StrictMode>
    <App workspace={workspace} />
  </StrictMode>,
);
