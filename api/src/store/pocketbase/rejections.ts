import type PocketBase from 'pocketbase';
import type { Rejection } from '../../model/event.ts';
import { withTimeout } from './faults.ts';

/** Stores one rejection; the service keeps the newest 100 of each source. */
export async function storeRejection(pb: PocketBase, rejection: Rejection): Promise<void> {
  await pb.collection('rejections').create(rejection, withTimeout());
}
