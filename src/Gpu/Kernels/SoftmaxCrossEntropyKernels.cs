using ILGPU;
using IlgpuDistance.Gpu.Arithmetic;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// Softmax cross-entropy, one work-item per sample, in one kernel: loss_s = log Σ_j exp(z_sj − m_s) + m_s − z_s,label with
/// m_s = max_j z_sj, whether the first largest logit is that of the class, and
/// dz_sj = (softmax(z_s)_j − [j = label]) · scale, where scale is 1 over the samples of the batch.
/// </summary>
/// <remarks>
/// A group adds its losses in shared memory and then to its own partial sum, which collects those of all chunks and batches
/// of a pass with the rounding errors beside it; the host adds up the partial sums in float64.
/// </remarks>
internal static class SoftmaxCrossEntropyKernels
{
    /// <summary>What the kernel is given. z = f(stored logits); the gradient is that of what is stored.</summary>
    /// <param name="Logits">[rows, 4 · Stride4]: what the last layer stored, with f.</param>
    /// <param name="Labels">[rows]</param>
    /// <param name="Gradients">[rows, 4 · Stride4], or empty where no gradient is wanted.</param>
    /// <param name="Metrics">[groups]: each group adds to its own.</param>
    /// <param name="Activation">f</param>
    /// <param name="Rows">Number of samples.</param>
    /// <param name="Classes">Number of classes.</param>
    /// <param name="Stride">Floats from one sample's logits to the next.</param>
    /// <param name="Scale">Factor of the gradient.</param>
    public readonly record struct Arguments(
        ArrayView<float> Logits, ArrayView<byte> Labels, ArrayView<float> Gradients, ArrayView<PartialMetrics> Metrics,
        Activation Activation, int Rows, int Classes, int Stride, float Scale);

    /// <summary>The kernel.</summary>
    public static readonly Kernel<Arguments> Loss = new(LossKernel)
    {
        Name = "softmax-cross-entropy",
        Operation = "loss, right predictions and dz = f′(z) (softmax(f(z)) − [j = label]) / batch",
        Flop = "40 N O",
        Bytes = "8 N O + N",
        SharedBytes = 2 * sizeof(float) * Tiles.GroupSize,
    };

    /// <summary>Groups, and so partial sums, for a number of samples.</summary>
    public static int Groups(int rows) => Tiles.Groups(rows);

    /// <summary>Launches it.</summary>
    public static void Launch(KernelQueue queue, in Arguments arguments) => queue.Launch(
        Loss, Groups(arguments.Rows), slices: 1, arguments, new WorkShape(arguments.Rows, arguments.Classes, arguments.Classes));

    private static void LossKernel(Arguments p)
    {
        ArrayView<float> losses = SharedMemory.Allocate<float>(Tiles.GroupSize);
        ArrayView<int> correct = SharedMemory.Allocate<int>(Tiles.GroupSize);
        int thread = Group.IdxX, s = Grid.IdxX * Tiles.GroupSize + thread;
        losses[thread] = 0;
        correct[thread] = 0;
        if (s < p.Rows)
        {
            long row = (long)s * p.Stride;
            float max = p.Activation.Value(p.Logits[row]);
            int prediction = 0;
            for (int j = 1; j < p.Classes; j++)
            {
                float z = p.Activation.Value(p.Logits[row + j]);
                if (z > max)
                {
                    max = z;
                    prediction = j;
                }
            }
            float sum = 0;
            for (int j = 0; j < p.Classes; j++)
                sum += AccurateMath.Exp(p.Activation.Value(p.Logits[row + j]) - max);

            int label = p.Labels[s];
            losses[thread] = AccurateMath.Log(sum) + (max - p.Activation.Value(p.Logits[row + label]));
            correct[thread] = prediction == label ? 1 : 0;
            if (p.Gradients.Length > 0)
            {
                for (int j = 0; j < p.Classes; j++)
                {
                    float stored = p.Logits[row + j];
                    float exp = AccurateMath.Exp(p.Activation.Value(stored) - max);
                    float gradient = DeviceMath.MultiplyAdd(exp, p.Scale / sum, j == label ? -p.Scale : 0);
                    p.Gradients[row + j] = p.Activation.Backward(stored, gradient);
                }
            }
        }
        for (int half = Tiles.GroupSize / 2; half > 0; half /= 2)
        {
            LocalBarrier.Wait();
            if (thread < half)
            {
                losses[thread] += losses[thread + half];
                correct[thread] += correct[thread + half];
            }
        }
        if (thread == 0)
        {
            // Knuth's two-sum: what the addition to the partial sum rounds off is kept beside it.
            PartialMetrics before = p.Metrics[Grid.IdxX];
            float added = losses[0], after = before.Loss + added, part = after - before.Loss;
            p.Metrics[Grid.IdxX] = new PartialMetrics(
                after, before.Rounding + (before.Loss - (after - part) + (added - part)), before.Correct + correct[0]);
        }
    }
}

/// <summary>The metrics of some of a pass's samples.</summary>
/// <param name="loss">Sum of their losses, rounded.</param>
/// <param name="rounding">What rounding has taken from the sum.</param>
/// <param name="correct">Right predictions.</param>
internal struct PartialMetrics(float loss, float rounding, int correct)
{
    public float Loss = loss, Rounding = rounding;

    public int Correct = correct;
}
