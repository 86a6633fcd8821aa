export { now } from "./host";
