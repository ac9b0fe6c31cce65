import { init, track } from '@plausible-analytics/tracker';
import Plausible from 'plausible-tracker';

/** What a page of the tests finds as `window.trackers`: both trackers as they come from npm. */
Object.assign(globalThis, { trackers: { init, track, Plausible } });
