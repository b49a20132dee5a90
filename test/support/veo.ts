import { CometApiVeoApi } from '../../credentials/CometApiVeoApi.credentials';
import { Veo } from '../../nodes/Veo/Veo.node';
import { Engine } from './engine';
import { removeUserFolder, stopTimers } from './n8n';

/** The node's sources on n8n's engine. */
export const engine = new Engine(new Veo(), new CometApiVeoApi());

afterAll(stopTimers);
afterAll(removeUserFolder);
