using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Vectors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>The input of a network that reads floats: x = scale · value + shift, of bytes or floats.</summary>
internal static unsafe class InputRows<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Writes a block's samples into x: [rows, stride], whose padding it leaves alone.</summary>
    public static void Load(in Block block, float* x, int stride)
    {
        Samples source = block.Samples.Source;
        int width = source.Width;
        for (int r = 0; r < block.Rows; r++, x += stride)
        {
            int first = block.Samples.Rows[block.First + r] * width;
            if (source.IsBytes)
            {
                fixed (byte* row = source.StoredBytes.Span.Slice(first, width))
                    Scale(row, x, width, source.Scale, source.Shift);
            }
            else
            {
                fixed (float* row = source.StoredFloats.Span.Slice(first, width))
                    Scale(row, x, width, source.Scale, source.Shift);
            }
        }
    }

    private static void Scale(byte* row, float* x, int width, float scale, float shift)
    {
        TVector factor = TSimd.Create(scale), summand = TSimd.Create(shift);
        int i = 0;
        for (; i + TSimd.Count <= width; i += TSimd.Count)
            TSimd.Store(TSimd.MultiplyAdd(factor, TSimd.LoadBytes(row + i), summand), x + i);
        for (; i < width; i++)
            x[i] = scale * row[i] + shift;
    }

    private static void Scale(float* row, float* x, int width, float scale, float shift)
    {
        TVector factor = TSimd.Create(scale), summand = TSimd.Create(shift);
        int i = 0;
        for (; i + TSimd.Count <= width; i += TSimd.Count)
            TSimd.Store(TSimd.MultiplyAdd(factor, TSimd.Load(row + i), summand), x + i);
        for (; i < width; i++)
            x[i] = scale * row[i] + shift;
    }
}
