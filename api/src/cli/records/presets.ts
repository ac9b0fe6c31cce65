import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { printJson } from '../terminal/json.ts';
import { visibleLine } from '../terminal/visible.ts';

/** `sources presets` */
export async function listPresets(name: string | undefined, { client, output, json }: CommandContext): Promise<void> {
  const { data } = await client.get('/api/v1/source-presets');
  if (name === undefined) {
    if (json) return output.json(data, 2);
    const columns = [{ heading: 'NAME' }, { heading: 'VENDOR', cutTo: 22 }, { heading: 'VERIFICATION' }];
    const more = [
      { heading: 'HANDSHAKE', optional: 1 },
      { heading: 'SECRET', optional: 2, cutTo: 40 },
    ];
    const rows = data.map((preset) => [
      preset.name,
      visibleLine(preset.title),
      preset.verification,
      preset.handshake,
      visibleLine(preset.secret),
    ]);
    return output.table([...columns, ...more], rows);
  }
  const preset = data.find((one) => one.name === name);
  if (!preset) {
    throw new CommandError(EXIT.notFound, `There is no preset ${visibleLine(name)}. sources presets lists them.`);
  }
  if (json) return output.json(preset, 2);
  output.fields(
    Object.entries(preset).map(([field, value]) => [
      field,
      typeof value === 'string'
        ? visibleLine(value)
        : value && Object.keys(value).length > 0
          ? printJson(value, 2)
          : '',
    ]),
  );
}
