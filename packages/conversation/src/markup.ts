/** Text without Markdown, emoji, control characters and phoneme escapes: the words alone. */
export function withoutMarkup(text: string): string {
  return text
    .replace(/```[\s\S]*?(?:```|$)/g, ' ')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\[\[[^\]]*\]\]/g, ' ')
    .replace(/<\/?[a-z][^>]*>/gi, ' ')
    .replace(/^\s{0,3}(?:#{1,6}|>|[-*+•])\s+/gm, '')
    .replace(/^\s*\d+[.)]\s+(?=\S)/gm, '')
    .replace(/(\*\*|__|~~)(.+?)\1/g, '$2')
    .replace(/(?<![\w*])[*_](\S(?:[^*_]*\S)?)[*_](?![\w*])/g, '$1')
    .replace(/`([^`]*)`/g, '$1')
    .replace(/\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}/gu, '')
    .replace(/\u200d|\ufe0f|\u20e3/g, '')
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ');
}
