using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Vectors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Linear as the first layer, on bytes that are mostly zero. With x = scale · v + shift,
/// y = (scale · v) W + (b + shift · Σ_i W_i): zero bytes need no arithmetic, whatever the shift.
/// </summary>
/// <remarks>Trained by <see cref="SparsePanels{TSimd, TVector}"/>: here is what needs no gradient of parameters.</remarks>
internal sealed unsafe class SparseLinearBody<TSimd, TVector> : LayerBody
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // b + shift · Σ_i W_i, what y would be if every byte were zero: [outputs].
    private readonly AlignedBuffer<float> _start;

    /// <param name="planned">The first layer of a plan.</param>
    /// <param name="parameters">All parameters in the device layout.</param>
    public SparseLinearBody(PlannedLayer planned, float* parameters) : base(planned, parameters) =>
        _start = new AlignedBuffer<float>((nuint)planned.OutputStride);

    public override void Prepare(BlockedSamples samples, int part, int parts)
    {
        if (part != 0)
            return;
        int stride = Planned.OutputStride;
        Rows<TSimd, TVector>.Fill(_start.Pointer, 1, stride, Parameter(ParameterRole.Bias));
        if (samples.Shift != 0)
        {
            Rows<TSimd, TVector>.AddScaledSum(
                Parameter(ParameterRole.Weight), Planned.Inputs, stride, samples.Shift, stride, _start.Pointer);
        }
    }

    public override void Forward(in Block block, float* x, float* y)
    {
        int stride = Planned.OutputStride;
        var (chunk, row) = block.Samples.PlaceOf(block.First);
        for (int r = 0; r < block.PaddedRows; r += 4, y += 4 * stride)
        {
            Rows<TSimd, TVector>.Fill(y, 4, stride, _start.Pointer);
            SparseProduct<TSimd, TVector>.Accumulate(
                block.Samples.Sparse!.SampleQuad(chunk, (row + r) / 4), block.Samples.Values, Parameter(ParameterRole.Weight),
                stride, y, y + stride, y + 2 * stride, y + 3 * stride, stride);
        }
    }

    /// <summary>Computes dx alone.</summary>
    public override void Backward(in Block block, float* x, float* y, float* dy, float* dx, float* gradients)
    {
        if (dx != null)
        {
            Rows<TSimd, TVector>.MultiplyTransposed(
                dy, block.Rows, Planned.OutputStride, Parameter(ParameterRole.Weight), Planned.Inputs, dx, Planned.InputStride);
        }
    }

    public override void Dispose()
    {
        _start.Dispose();
        base.Dispose();
    }
}
