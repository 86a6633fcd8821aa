export { random } from "./host";
