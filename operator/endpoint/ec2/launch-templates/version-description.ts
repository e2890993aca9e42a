import { invalidParameterValue } from '../../errors.ts';

const DESCRIPTION_LIMIT = 255;

/** A version's description as the template keeps it. @throws AwsError InvalidParameterValue - more than 255 characters */
export function versionDescriptionFrom(description: string | undefined): { versionDescription?: string } {
  if (description === undefined || description === '') return {};
  if (Array.from(description).length <= DESCRIPTION_LIMIT) return { versionDescription: description };
  throw invalidParameterValue('VersionDescription', description.slice(0, 32), `Length exceeds maximum of ${DESCRIPTION_LIMIT}.`);
}
