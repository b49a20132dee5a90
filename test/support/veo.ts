import { CometApi } from '../../credentials/CometApi.credentials';
import { Veo } from '../../nodes/Veo/Veo.node';
import { Engine } from './engine';
import { removeUserFolder, stopTimers } from './n8n';

/** The node's sources on n8n's engine. */
export const engine = new Engine(new Veo(), new CometApi());

afterAll(stopTimers);
afterAll(removeUserFolder);
