/** Whether the pattern, with the wildcards * and ?, is the action. Takes time in the length of the pattern times that of the action, however many * there are. Pure. */
export function matchesAction(pattern: string, action: string): boolean {
  const [wanted, given] = [pattern.toLowerCase(), action.toLowerCase()];
  let [at, star, resume] = [0, -1, 0];
  for (let index = 0; index < given.length; ) {
    if (at < wanted.length && wanted[at] !== '*' && (wanted[at] === '?' || wanted[at] === given[index])) {
      at += 1;
      index += 1;
    } else if (wanted[at] === '*') {
      star = at;
      resume = index;
      at += 1;
    } else if (star >= 0) {
      // Lets the last star take one character more.
      at = star + 1;
      resume += 1;
      index = resume;
    } else {
      return false;
    }
  }
  return /^\**$/.test(wanted.slice(at));
}
