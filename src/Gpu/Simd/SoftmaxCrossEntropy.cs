using IlgpuDistance.Gpu.Arithmetic;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Vectors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Softmax cross-entropy of a block: loss_s = log Σ_j exp(z_sj − m_s) + m_s − z_s,label with m_s = max_j z_sj, and
/// dz_sj = (softmax(z_s)_j − [j = label]) · scale, where scale is 1 over the samples of the batch.
/// </summary>
internal sealed unsafe class SoftmaxCrossEntropy<TSimd, TVector> : IDisposable
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private readonly int _stride;

    // 0 for classes, −∞ for padding: [stride]. Added to the logits it keeps padding out of the maximum and the sum.
    private readonly AlignedBuffer<float> _padding;

    public SoftmaxCrossEntropy(int classes, int stride)
    {
        _stride = stride;
        _padding = new AlignedBuffer<float>((nuint)stride);
        _padding.Span[classes..].Fill(float.NegativeInfinity);
    }

    /// <summary>Adds a block's loss and correct predictions to the sums and writes the gradient.</summary>
    /// <param name="logits">[rows, stride]</param>
    /// <param name="labels">[rows]</param>
    /// <param name="rows">At most <see cref="Block.Size"/>.</param>
    /// <param name="gradients">[rows, stride]; padding becomes zero.</param>
    /// <param name="scale">Factor of the gradient.</param>
    /// <param name="lossSum">Sum of the losses.</param>
    /// <param name="correct">Samples whose largest logit, the first of equals, is that of their class.</param>
    public void Run(float* logits, byte* labels, int rows, float* gradients, float scale, ref double lossSum, ref int correct)
    {
        float* sums = stackalloc float[Block.Size];
        TVector least = TSimd.Create(SoftmaxTail.LeastExponent);
        double margins = 0;
        for (int r = 0; r < rows; r++, logits += _stride, gradients += _stride)
        {
            TVector largest = TSimd.Create(float.NegativeInfinity);
            for (int n = 0; n < _stride; n += TSimd.Count)
                largest = TSimd.Max(largest, Logits(logits, n));
            float max = TSimd.Largest(largest);
            largest = TSimd.Create(max);

            int prediction = -1;
            TVector sum = TSimd.Zero;
            for (int n = 0; n < _stride; n += TSimd.Count)
            {
                TVector z = Logits(logits, n);
                ulong equal = TSimd.EqualBits(z, largest);
                if (prediction < 0 && equal != 0)
                    prediction = n + System.Numerics.BitOperations.TrailingZeroCount(equal);
                TVector x = TSimd.Subtract(z, largest);
                // Selected so that a NaN goes through; clamped first, because far out there is no such power of two.
                TVector e = TSimd.SelectGreater(least, x, TSimd.Zero, Exp(TSimd.Max(x, least)));
                TSimd.Store(e, gradients + n);
                sum = TSimd.Add(sum, e);
            }
            sums[r] = TSimd.Sum(sum);
            TVector factor = TSimd.Create(scale / sums[r]);
            for (int n = 0; n < _stride; n += TSimd.Count)
                TSimd.Store(TSimd.Multiply(factor, TSimd.Load(gradients + n)), gradients + n);

            int label = labels[r];
            gradients[label] -= scale;
            margins += max - logits[label];
            correct += prediction == label ? 1 : 0;
        }

        // Behind the last row the sums are 1, whose logarithm is 0.
        new Span<float>(sums + rows, Block.Size - rows).Fill(1);
        for (int n = 0; n < rows; n += TSimd.Count)
            TSimd.Store(TSimd.Log(TSimd.Load(sums + n)), sums + n);
        for (int r = 0; r < rows; r++)
            margins += sums[r];
        lossSum += margins;
    }

    /// <summary>e^x for x from <see cref="SoftmaxTail.LeastExponent"/> to 0. (Vector512.Exp computes in float64.)</summary>
    private static TVector Exp(TVector x)
    {
        // Beside a number of this size float32 has no bits for a fraction; its lowest 8 hold 127.
        TVector shift = TSimd.Create(1.5f * (1 << 23) + 127);
        TVector whole = TSimd.MultiplyAdd(x, TSimd.Create(Exponential.Log2OfE), shift);
        return TSimd.Multiply(Exponential.OfRest<TSimd, TVector>(x, TSimd.Subtract(shift, whole)), TSimd.PowerOfTwo(whole));
    }

    private TVector Logits(float* logits, int n) => TSimd.Add(TSimd.Load(logits + n), TSimd.Load(_padding.Pointer + n));

    public void Dispose() => _padding.Dispose();
}
