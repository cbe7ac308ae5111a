using System.Diagnostics;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Vectors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Linear as the first layer, on bytes that are mostly zero. With x = scale · v + shift,
/// y = (scale · v) W + (b + shift · Σ_i W_i): zero bytes need no arithmetic, whatever the shift.
/// Backward: dW = (scale · v)ᵀ dy + shift · Σ_s dy_s (the same row for every input), db = Σ_s dy_s.
/// </summary>
/// <remarks>Small batches are trained by <see cref="SparsePanels{TSimd, TVector}"/>.</remarks>
internal sealed unsafe class SparseLinearBody<TSimd, TVector> : LayerBody
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // b + shift · Σ_i W_i, what y would be if every byte were zero: [outputs].
    private readonly AlignedBuffer<float> _start;

    // Where a gradient buffer has room for Σ_s dy_s.
    private readonly int _sumsOffset;

    private readonly ParameterTensor _weight;

    /// <param name="planned">The first layer of a plan.</param>
    /// <param name="parameters">All parameters in the device layout.</param>
    /// <param name="sumsOffset">Where a gradient buffer has room for a row of outputs, should the layer have no bias.</param>
    public SparseLinearBody(PlannedLayer planned, float* parameters, int sumsOffset) : base(planned, parameters)
    {
        _start = new AlignedBuffer<float>((nuint)planned.OutputStride);
        _weight = planned.Find(ParameterRole.Weight)!;
        _sumsOffset = planned.Find(ParameterRole.Bias)?.DeviceOffset ?? sumsOffset;
    }

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

    public override int ClearGradients(BlockedSamples samples, float* gradients)
    {
        // Of the weights only the rows behind the last group of pixels: the others are cleared where they are about to be used,
        // and do not leave the caches between.
        int pixelFloats = 4 * samples.Sparse!.PixelQuads * Planned.OutputStride;
        int behind = Math.Max(0, _weight.DeviceCount - pixelFloats);
        new Span<float>(gradients + _weight.DeviceOffset + pixelFloats, behind).Clear();
        new Span<float>(gradients + _sumsOffset, Planned.OutputStride).Clear();
        return behind + Planned.OutputStride;
    }

    public override void Backward(in Block block, float* x, float* y, float* dy, float* dx, float* gradients)
    {
        if (dx != null)
        {
            // The gradients of parameters are not asked for with that of the input.
            Rows<TSimd, TVector>.MultiplyTransposed(
                dy, block.Rows, Planned.OutputStride, Parameter(ParameterRole.Weight), Planned.Inputs, dx, Planned.InputStride);
            return;
        }
        // Where samples are trained by chunks, panels do this.
        Debug.Assert(!block.Samples.IsTrainedByChunks);
        SparseChunks sparse = block.Samples.Sparse!;
        int stride = Planned.OutputStride, chunk = block.Samples.PlaceOf(block.First).Chunk;
        float* weight = At(gradients, ParameterRole.Weight);
        for (int quad = 0; quad < sparse.PixelQuads; quad++)
        {
            SparseColumns columns = sparse.PixelQuad(chunk, quad);
            float* row = weight + 4 * quad * (nint)stride;
            if (block.BeginsGradients)
                new Span<float>(row, 4 * stride).Clear();
            if (columns.IsEmpty)
                continue;
            SparseProduct<TSimd, TVector>.Accumulate(
                columns, block.Samples.Values, dy, stride, row, row + stride, row + 2 * stride, row + 3 * stride, stride);
        }
        Rows<TSimd, TVector>.AddSum(dy, block.Rows, stride, stride, gradients + _sumsOffset);
    }

    public override void FinishGradients(BlockedSamples samples, float* gradients)
    {
        int stride = Planned.OutputStride;
        float* sums = gradients + _sumsOffset, weight = At(gradients, ParameterRole.Weight);
        for (int i = 0; samples.Shift != 0 && i < Planned.Inputs; i++)
            Rows<TSimd, TVector>.AddScaled(sums, samples.Shift, weight + (nint)i * stride, stride);
    }

    public override void Dispose()
    {
        _start.Dispose();
        base.Dispose();
    }
}
