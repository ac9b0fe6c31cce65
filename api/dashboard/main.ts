/**
 * The extension of PocketBase's dashboard (https://github.com/pocketbase/pocketbase/tree/v0.40.4/ui). PocketBase runs it
 * before it shows its first page, but waits for nothing that is asynchronous.
 */

import { orderCollections } from './collections.ts';
import { extendFields } from './fields.ts';
import { presetNewRecords } from './new-records.ts';
import { markReadOnly } from './read-only.ts';
import style from './style.css';

document.head.append(t.style(null, style));
orderCollections();
presetNewRecords();
extendFields();
markReadOnly();
