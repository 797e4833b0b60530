/**
 * @typedef {import('../discord-words.ts').RegisteredCommand} RegisteredCommand
 * @typedef {import('../discord-words.ts').CommandOption} Option
 * @typedef {{
 *   readonly name: string, readonly subcommand?: string, readonly title: string,
 *   readonly description: string, readonly options: readonly Option[],
 * }} Command
 */

const SUBCOMMAND = 1;

/** Lists everything that a person can type: a command, or each of its subcommands. @param {readonly RegisteredCommand[]} registered */
export function listCommands(registered) {
  return registered.flatMap((/** @returns {Command[]} */ { name, description, options = [] }) => {
    const subcommands = options.filter((option) => option.type === SUBCOMMAND);
    if (subcommands.length === 0) return [{ name, title: `/${name}`, description, options }];
    return subcommands.map((sub) => ({
      name,
      subcommand: sub.name,
      title: `/${name} ${sub.name}`,
      description: sub.description,
      options: sub.options ?? [],
    }));
  });
}
