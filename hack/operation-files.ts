import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { autoScalingOperations } from '../operator/endpoint/autoscaling/operations.ts';
import { ec2Operations } from '../operator/endpoint/ec2/operations.ts';
import { elasticLoadBalancingOperations } from '../operator/endpoint/elasticloadbalancing/operations.ts';
import { monitoringOperations } from '../operator/endpoint/monitoring/operations.ts';
import type { OperationTable } from '../operator/endpoint/operation.ts';
import type { ServiceName } from '../operator/endpoint/protocol/registry.ts';
import { iamOperations } from '../operator/endpoint/iam/operations.ts';
import { ssmOperations } from '../operator/endpoint/ssm/operations.ts';
import { stsOperations } from '../operator/endpoint/sts/operations.ts';

/** A service with its table and the folder that holds its operations. */
export interface OperationService {
  name: ServiceName;
  /** As AWS writes it. */
  title: string;
  table: OperationTable;
  /** Relative to the top of the work tree. */
  directory: string;
}

/** An operation's own file. */
export interface OperationFile {
  /** Wire name: the file's name. */
  name: string;
  /** Relative to the top of the work tree. */
  path: string;
  /** First sentence of the function's doc comment; empty if there is none. */
  summary: string;
}

/** Every service that the endpoint answers. */
export const operationServices: readonly OperationService[] = [
  { name: 'ec2', title: 'Amazon EC2', table: ec2Operations, directory: 'operator/endpoint/ec2' },
  { name: 'autoscaling', title: 'Amazon EC2 Auto Scaling', table: autoScalingOperations, directory: 'operator/endpoint/autoscaling' },
  { name: 'sts', title: 'AWS Security Token Service', table: stsOperations, directory: 'operator/endpoint/sts' },
  { name: 'iam', title: 'AWS Identity and Access Management', table: iamOperations, directory: 'operator/endpoint/iam' },
  { name: 'monitoring', title: 'Amazon CloudWatch', table: monitoringOperations, directory: 'operator/endpoint/monitoring' },
  { name: 'elasticloadbalancing', title: 'Elastic Load Balancing', table: elasticLoadBalancingOperations, directory: 'operator/endpoint/elasticloadbalancing' },
  { name: 'ssm', title: 'AWS Systems Manager', table: ssmOperations, directory: 'operator/endpoint/ssm' },
];

/** The operation files below a folder, by name: those whose name begins with a capital letter. */
export async function operationFilesIn(root: string, directory: string): Promise<OperationFile[]> {
  const paths = await readdir(join(root, directory), { recursive: true });
  const names = paths.filter((path) => /^[A-Z]\w*\.ts$/.test(basename(path)));
  const files = names.map(async (path) => ({
    name: basename(path, '.ts'),
    path: `${directory}/${path}`,
    summary: summaryFrom(await readFile(join(root, directory, path), 'utf8')),
  }));
  return (await Promise.all(files)).sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** First sentence of the doc comment right before the exported async function. */
export function summaryFrom(source: string): string {
  const comment = /\/\*\*((?:[^*]|\*(?!\/))*)\*\/\nexport async function /.exec(source)?.[1] ?? '';
  const text = comment.replace(/^\s*\* ?/gm, '').replace(/\s+/g, ' ').trim();
  const description = text.split(/ ?@(?:throws|see|returns)\b/)[0] ?? '';
  return /^.*?\.(?= |$)/.exec(description)?.[0] ?? description;
}
