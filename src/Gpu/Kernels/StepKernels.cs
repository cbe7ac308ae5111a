using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>
/// What is done to whole buffers, one work-item per value: the step of plain SGD, p ← p − learningRate · g, and the scaling
/// of the input for a first layer that reads floats, x = scale · value + shift.
/// </summary>
internal sealed class StepKernels(Accelerator accelerator)
{
    // ------------------------------------------------------------------ kernels

    private static void SgdKernel(Index1D n, ArrayView<float> parameters, ArrayView<float> gradients, float learningRate) =>
        parameters[n] -= learningRate * gradients[n];

    private static void ScaleKernel<TMatrix>(Index2D inputAndSample, TMatrix samples, ArrayView<float> x, int stride)
        where TMatrix : struct, IMatrix =>
        x[(long)inputAndSample.Y * stride + inputAndSample.X] = samples.Get(inputAndSample.Y, inputAndSample.X);

    // ------------------------------------------------------------------ launchers

    private readonly Action<Index1D, ArrayView<float>, ArrayView<float>, float> _sgd =
        accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<float>, ArrayView<float>, float>(SgdKernel);

    private readonly Lazy<Action<Index2D, ScaledByteMatrix, ArrayView<float>, int>> _scaleBytes = new(() =>
        accelerator.LoadAutoGroupedStreamKernel<Index2D, ScaledByteMatrix, ArrayView<float>, int>(ScaleKernel));

    private readonly Lazy<Action<Index2D, ScaledFloatMatrix, ArrayView<float>, int>> _scaleFloats = new(() =>
        accelerator.LoadAutoGroupedStreamKernel<Index2D, ScaledFloatMatrix, ArrayView<float>, int>(ScaleKernel));

    /// <summary>One step over all parameters.</summary>
    public void Sgd(ArrayView<float> parameters, ArrayView<float> gradients, float learningRate) =>
        _sgd(parameters.IntLength, parameters, gradients, learningRate);

    /// <summary>Writes scaled samples as floats.</summary>
    /// <param name="samples">[rows, width]</param>
    /// <param name="rows">Number of samples.</param>
    /// <param name="width">Values per sample.</param>
    /// <param name="x">[rows, stride]</param>
    /// <param name="stride">Floats from one sample to the next in <paramref name="x"/>.</param>
    public void Scale(in SampleRows samples, int rows, int width, ArrayView<float> x, int stride)
    {
        var extent = new Index2D(width, rows);
        if (samples.Bytes.Length > 0)
            _scaleBytes.Value(extent, new ScaledByteMatrix(samples.Bytes, width, samples.Scale, samples.Shift), x, stride);
        else
            _scaleFloats.Value(extent, new ScaledFloatMatrix(samples.Floats, width, samples.Scale, samples.Shift), x, stride);
    }
}
