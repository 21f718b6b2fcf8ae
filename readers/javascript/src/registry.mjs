import { refuse, show } from './errors.mjs';
import { compareText } from './header.mjs';

/** The rules of rows that a loader checks: each is in use, in the order of the objects (H10), and known (H11). */
export function checkTypes({ types, objects }, registry) {
  let next = 0;
  for (const index of objects) {
    if (index > next)
      refuse('H10', `expected an object of row ${next} of types before others, found one of row ${index}`);
    if (index === next) next++;
  }
  if (next < types.length)
    refuse('H10', `expected each of ${types.length} rows of types in use, found no object of row ${next}`);
  const seen = new Set();
  for (const row of types) {
    const text = JSON.stringify([row.name, String(row.version), row.fields, row.results]);
    if (seen.has(text)) refuse('H10', `expected no two equal rows of types, found two of ${show(row.name)}`);
    seen.add(text);
  }
  for (const row of types) if (registry !== undefined) checkRow(row, registry);
}

function own(object, key) {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}

/** The fields of a schema in their order: those that must be there, and then those that may. */
function fieldsOf({ fields, optional = [] }) {
  return [...fields.filter((field) => !optional.includes(field)), ...optional];
}

function checkRow({ name, version, fields, results }, registry) {
  const type = own(registry, name);
  if (type === undefined) refuse('H11', `expected a type that the registry has, found ${show(name)}`);
  const schema = own(type, String(version));
  if (schema === undefined) {
    const known = Object.keys(type).filter((key) => /^\d+$/.test(key));
    refuse('H11', `expected a schema version of ${name} that the registry has (${known.join(', ')}), found ${version}`);
  }
  const optional = new Set(schema.optional ?? []);
  const all = new Set(fieldsOf(schema));
  const further = (field) => schema.open === true && !field.startsWith('__');
  for (const field of fields)
    if (!all.has(field) && !further(field)) refuse('H11', `expected the fields of ${name} ${version}, found ${show(field)}`);
  const there = new Set(fields);
  for (const field of all) {
    if (!optional.has(field) && !there.has(field))
      refuse('H11', `expected the field ${show(field)} of ${name} ${version}, found none`);
  }
  const declared = new Set(own(type, 'results') ?? []);
  for (const field of fields)
    if (declared.has(field)) refuse('H11', `expected ${show(field)} of ${name} as a result, found it as a field`);
  for (const result of results) {
    if (!declared.has(result)) refuse('H11', `expected a result that ${name} declares, found ${show(result)}`);
  }
}

/** Refuses fields that are not in the registry's order, and results that are not in that of their names (H11). */
export function checkOrder({ types }, registry) {
  for (const { name, version, fields, results } of types) {
    const schema = registry?.[name][version] ?? { fields };
    const there = new Set(fields);
    const known = fieldsOf(schema).filter((field) => there.has(field));
    const order = [...known, ...fields.filter((field) => !known.includes(field))]; // those of an open type come last
    if (order.some((field, i) => field !== fields[i])) {
      refuse('H11', `expected the fields of ${name} in the order ${order.join(', ')}, found ${fields.join(', ')}`);
    }
    results.forEach((result, i) => {
      if (i > 0 && compareText(results[i - 1], result) >= 0) {
        refuse(
          'H11',
          `expected the results of ${name} in the order of their bytes, found ${show(result)} behind ${results[i - 1]}`,
        );
      }
    });
  }
}
