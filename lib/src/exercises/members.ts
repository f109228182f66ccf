/** How an answer that names things in any order differs from the right one: "has image 3 too many and lacks image 5". */
import type { Part } from './answers';
import type { AxisNames } from './exercise';
import { difference } from './measure';
import { countText, numberText, singular } from './words';

/** @param axes what the numbers of the list name, in the plural */
export function memberDifference(got: Part, want: Part, axes: AxisNames): string {
  if (got.shape.length !== 1) return difference(got, want, axes);
  const [surplus, missing] = [without(got, want), without(want, got)];
  const parts = [
    ...(surplus.length > 0 ? [`has ${membersText(surplus, axes[0], ' too many')}`] : []),
    ...(missing.length > 0 ? [`lacks ${membersText(missing, axes[0])}`] : []),
  ];
  return parts.join(' and ');
}

/** `image 3`, or `12 images (among them 3)` */
function membersText(members: readonly number[], plural: string, more = ''): string {
  const first = numberText(members[0]);
  if (members.length === 1) return `${singular(plural)} ${first}${more}`;
  return `${countText(members.length, plural)}${more} (among them ${first})`;
}

/** The numbers of a list, each as often as it is there and not in the other. */
function without(list: Part, other: Part): number[] {
  const rest = Array.from(other.data);
  return Array.from(list.data).filter((member) => {
    const at = rest.indexOf(member);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}
