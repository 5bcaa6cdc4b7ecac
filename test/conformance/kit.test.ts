import { test } from 'vitest';
import { Cloud } from '../../plugins/vendor-faulty/src/cloud.ts';
import { vendorConformance } from '../../src/vendors/conformance/kit.ts';
import { faultySubject } from './faulty-subject.ts';

vendorConformance({ test, ...faultySubject(new Cloud()) });
