import { z } from 'zod';

/** An object that keeps what it does not name, for what EC2 gives back as it came: each new parameter of its model is kept without a change here. */
export function openObject<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$loose> {
  return z.looseObject(shape).meta({ 'x-kubernetes-preserve-unknown-fields': true });
}
