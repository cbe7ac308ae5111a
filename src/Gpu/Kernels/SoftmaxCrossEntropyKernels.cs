using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// Softmax cross-entropy, one work-item per sample: loss_s = log Σ_j exp(z_sj − m_s) + m_s − z_s,label with
/// m_s = max_j z_sj, whether the first largest logit is that of the class, and
/// dz_sj = (softmax(z_s)_j − [j = label]) · scale, where scale is 1 over the samples of the batch.
/// The losses are then added in two stages of fixed order.
/// </summary>
internal sealed class SoftmaxCrossEntropyKernels(Accelerator accelerator)
{
    /// <summary>Partial sums that the host adds up, in float64, at the end of a pass.</summary>
    public const int PartialSums = 256;

    // ------------------------------------------------------------------ kernels

    private static void LossKernel(
        Index1D index, ArrayView<float> logits, ArrayView<byte> labels, ArrayView<float> losses, ArrayView<float> gradients,
        int classes, int stride, float scale)
    {
        int s = index;
        long row = (long)s * stride;
        float max = logits[row];
        int prediction = 0;
        for (int j = 1; j < classes; j++)
        {
            if (logits[row + j] > max)
            {
                max = logits[row + j];
                prediction = j;
            }
        }
        float sum = 0;
        for (int j = 0; j < classes; j++)
            sum += AccurateMath.Exp(logits[row + j] - max);

        int label = labels[s];
        losses[2 * s] = AccurateMath.Log(sum) + (max - logits[row + label]);
        losses[2 * s + 1] = prediction == label ? 1 : 0;
        for (int j = 0; j < classes; j++)
            gradients[row + j] = AccurateMath.Exp(logits[row + j] - max) * (scale / sum) - (j == label ? scale : 0);
    }

    private static void SumKernel(Index1D part, ArrayView<float> losses, ArrayView<float> lossSums, ArrayView<int> correct, int rows)
    {
        float sum = 0;
        int count = 0;
        for (int s = part; s < rows; s += PartialSums)
        {
            sum += losses[2 * s];
            count += losses[2 * s + 1] > 0 ? 1 : 0;
        }
        lossSums[part] += sum;
        correct[part] += count;
    }

    // ------------------------------------------------------------------ launchers

    private readonly Action<
        Index1D, ArrayView<float>, ArrayView<byte>, ArrayView<float>, ArrayView<float>, int, int, float> _loss =
        accelerator.LoadAutoGroupedStreamKernel<
            Index1D, ArrayView<float>, ArrayView<byte>, ArrayView<float>, ArrayView<float>, int, int, float>(LossKernel);

    private readonly Action<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<int>, int> _sum =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, ArrayView<int>, int>(SumKernel);

    /// <summary>Writes the logits' gradient and adds to the sums.</summary>
    /// <param name="rows">Number of samples.</param>
    /// <param name="logits">[rows, stride]</param>
    /// <param name="labels">[rows]</param>
    /// <param name="losses">Scratch: [rows, 2].</param>
    /// <param name="gradients">[rows, stride]</param>
    /// <param name="lossSums">[<see cref="PartialSums"/>]: partial sums of the losses.</param>
    /// <param name="correct">[<see cref="PartialSums"/>]: partial counts of right predictions.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="stride">Floats from one sample's logits to the next.</param>
    /// <param name="scale">Factor of the gradient.</param>
    public void Run(
        int rows, ArrayView<float> logits, ArrayView<byte> labels, ArrayView<float> losses, ArrayView<float> gradients,
        ArrayView<float> lossSums, ArrayView<int> correct, int classes, int stride, float scale)
    {
        _loss(rows, logits, labels, losses, gradients, classes, stride, scale);
        _sum(Math.Min(PartialSums, rows), losses, lossSums, correct, rows);
    }
}
