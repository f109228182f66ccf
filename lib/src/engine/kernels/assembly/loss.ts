/**
 * The losses of a row of outputs z with the true class l, and their gradients, in float64.
 *
 *   cross-entropy  q = (1 − ε)·[j = l] + ε/K:  loss = log Σ e^(zⱼ − m) + m − Σ qⱼ·zⱼ,   ∂/∂zⱼ = softmax(z)ⱼ − qⱼ
 *   hinge          loss = Σ_{j ≠ l} max(0, 1 + zⱼ − z_l),   ∂/∂zⱼ = [violated],  ∂/∂z_l = −(number violated)
 *   squared error  loss = Σ (zⱼ − [j = l])² / K,            ∂/∂zⱼ = 2 (zⱼ − [j = l]) / K
 *
 * The gradients are those of the mean over the batch: times 1/batch.
 */
import { exp, log } from './math';

export const CROSS_ENTROPY: i32 = 0;
export const HINGE: i32 = 1;
export const SQUARED_ERROR: i32 = 2;

/** Writes ∂L/∂z, each image's loss (f64, not divided by the batch) and whether its largest output is the label (i32). */
export function lossAndGradient(
  kind: i32, images: i32, classes: i32, z: usize, zImage: usize, dz: usize, dzImage: usize,
  labels: usize, losses: usize, correct: usize, smoothing: f64, share: f64,
): void {
  for (let n = 0; n < images; n++) {
    const label = load<i32>(labels + (<usize>n << 2));
    const truth = <f64>load<f32>(z + (<usize>label << 2));
    let largest = <f64>load<f32>(z);
    let first = 0;
    for (let j = 1; j < classes; j++) {
      const value = <f64>load<f32>(z + (<usize>j << 2));
      if (value > largest) {
        largest = value;
        first = j;
      }
    }
    let loss: f64 = 0;
    if (kind == CROSS_ENTROPY) {
      let sum: f64 = 0;
      let total: f64 = 0;
      for (let j = 0; j < classes; j++) {
        const value = <f64>load<f32>(z + (<usize>j << 2));
        sum += exp(value - largest);
        total += value - largest;
      }
      const spread = smoothing / <f64>classes;
      loss = log(sum) - (1 - smoothing) * (truth - largest) - spread * total;
      for (let j = 0; j < classes; j++) {
        const p = exp(<f64>load<f32>(z + (<usize>j << 2)) - largest) / sum;
        const q = spread + (j == label ? 1 - smoothing : 0);
        store<f32>(dz + (<usize>j << 2), <f32>((p - q) * share));
      }
    } else if (kind == HINGE) {
      let violated = 0;
      for (let j = 0; j < classes; j++) {
        const violation = 1 + <f64>load<f32>(z + (<usize>j << 2)) - truth;
        // NaN must reach the loss.
        const counts = j != label && !(violation <= 0);
        if (counts) {
          loss += violation;
          violated++;
        }
        store<f32>(dz + (<usize>j << 2), counts ? <f32>share : 0);
      }
      store<f32>(dz + (<usize>label << 2), <f32>(-violated * share));
    } else {
      for (let j = 0; j < classes; j++) {
        const difference = <f64>load<f32>(z + (<usize>j << 2)) - (j == label ? 1 : 0);
        loss += (difference * difference) / <f64>classes;
        store<f32>(dz + (<usize>j << 2), <f32>((2 * difference * share) / <f64>classes));
      }
    }
    store<f64>(losses + (<usize>n << 3), loss);
    store<i32>(correct + (<usize>n << 2), first == label ? 1 : 0);
    z += zImage;
    dz += dzImage;
  }
}
