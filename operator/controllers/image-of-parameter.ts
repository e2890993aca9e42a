import { imageOfParameter, mayNameImagesFor } from '../api/compute/image-parameter.ts';
import { ec2IdOf } from '../api/ec2-id.ts';
import { defineIndex, type Read } from '../kubernetes/read.ts';
import { Account, Ami } from '../kubernetes/resources.ts';
import { launchableImage } from './launchable-image.ts';

const amisByParameter = defineIndex(Ami, 'controllers.parameter', ({ spec }) => spec.parameterPaths ?? []);

/** The image that a parameter stands for (`resolve:ssm:<parameter>`), as the account of a namespace sees it. The cache must hold Accounts. */
export function imageOfParameterName(name: string, namespace: string | undefined, read: Read, now: number): Ami | undefined {
  const named = read.byIndex(amisByParameter, name).filter((ami) => {
    const isOwn = ami.metadata.namespace === namespace;
    return launchableImage(ec2IdOf('ami', ami), namespace, read) === ami && mayNameImagesFor({ isOwn, ownerAlias: aliasOf(ami, read) });
  });
  return imageOfParameter(named, name, now);
}

function aliasOf({ metadata }: Ami, read: Read): string | undefined {
  return read.list(Account).find((account) => (account.spec.namespace ?? account.metadata.name) === metadata.namespace)?.spec.imageOwnerAlias;
}
