export { write } from "./host";
