export const SERVICE = 'earshot';
export const VERSION = '0.1.0';
