// Runs before the first paint, so that a page in the theme that was chosen never flashes in the other one.
import { applyTheme, chosenTheme } from "./theme.js";

applyTheme(chosenTheme());
