export { openLog } from '@earshot/process';
