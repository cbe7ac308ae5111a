using ILGPU;

namespace IlgpuDistance.Bench.Products;

/// <summary>
/// The products of Linear as one writes them first: one work-item per result, no shared memory, neighbouring work-items on
/// neighbouring columns. What the tiled kernels are measured against.
/// </summary>
internal static class PlainKernels
{
    /// <summary>y = x W + b, with x: [rows, inputs], W: [inputs, outputs], b: [outputs].</summary>
    public static void Forward<TValues>(
        Index2D outputAndSample, Matrix<TValues> x, Matrix<Floats> weight, ArrayView<float> bias, Matrix<Floats> y, int inputs)
        where TValues : struct, IValues
    {
        int o = outputAndSample.X, s = outputAndSample.Y;
        float sum = bias[o];
        for (int i = 0; i < inputs; i++)
            sum += x.Get(s, i) * weight.Get(i, o);
        y.Values.View[y.At(s, o)] = sum;
    }

    /// <summary>dW = xᵀ dy, with dy: [rows, outputs].</summary>
    public static void WeightGradient<TValues>(
        Index2D outputAndInput, Matrix<TValues> x, Matrix<Floats> dy, Matrix<Floats> weightGradient, int rows)
        where TValues : struct, IValues
    {
        int o = outputAndInput.X, i = outputAndInput.Y;
        float sum = 0;
        for (int s = 0; s < rows; s++)
            sum += x.Get(s, i) * dy.Get(s, o);
        weightGradient.Values.View[weightGradient.At(i, o)] = sum;
    }

    /// <summary>db = Σ dy over the rows.</summary>
    public static void BiasGradient(Index1D o, Matrix<Floats> dy, ArrayView<float> biasGradient, int rows)
    {
        float sum = 0;
        for (int s = 0; s < rows; s++)
            sum += dy.Get(s, o);
        biasGradient[o] = sum;
    }

    /// <summary>dx = dy Wᵀ.</summary>
    public static void InputGradient(Index2D inputAndSample, Matrix<Floats> dy, Matrix<Floats> weight, Matrix<Floats> dx,
        int outputs)
    {
        int i = inputAndSample.X, s = inputAndSample.Y;
        float sum = 0;
        for (int o = 0; o < outputs; o++)
            sum += dy.Get(s, o) * weight.Get(i, o);
        dx.Values.View[dx.At(s, i)] = sum;
    }
}

/// <summary>Numbers that a kernel reads, whatever they are; each kind gives its own compiled kernel.</summary>
internal interface IValues
{
    /// <summary>The number in a place.</summary>
    float Get(long index);
}

/// <summary>Floats.</summary>
internal readonly record struct Floats(ArrayView<float> View) : IValues
{
    public float Get(long index) => View[index];
}

/// <summary>Bytes.</summary>
internal readonly record struct Bytes(ArrayView<byte> View) : IValues
{
    public float Get(long index) => View[index];
}

/// <summary>A matrix, row-major.</summary>
/// <param name="Values">[rows, Stride]</param>
/// <param name="Stride">Values from one row to the next.</param>
internal readonly record struct Matrix<TValues>(TValues Values, int Stride) where TValues : struct, IValues
{
    /// <summary>The value in a row and a column.</summary>
    public float Get(int row, int column) => Values.Get(At(row, column));

    /// <summary>The place of a row and a column.</summary>
    public long At(int row, int column) => (long)row * Stride + column;
}
