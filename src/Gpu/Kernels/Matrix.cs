using ILGPU;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>A matrix that a kernel reads, whatever it is made of; each implementation gives its own compiled kernel.</summary>
internal interface IMatrix
{
    /// <summary>The value in a row and a column.</summary>
    float Get(int row, int column);
}

/// <summary>Floats: values[row · stride + column].</summary>
internal readonly struct FloatMatrix(ArrayView<float> values, int stride) : IMatrix
{
    private readonly ArrayView<float> _values = values;
    private readonly int _stride = stride;

    public float Get(int row, int column) => _values[(long)row * _stride + column];
}

/// <summary>Floats with the scaling of the input.</summary>
internal readonly struct ScaledFloatMatrix(ArrayView<float> values, int stride, float scale, float shift) : IMatrix
{
    private readonly ArrayView<float> _values = values;
    private readonly int _stride = stride;
    private readonly float _scale = scale, _shift = shift;

    public float Get(int row, int column) => _scale * _values[(long)row * _stride + column] + _shift;
}

/// <summary>Bytes with the scaling of the input.</summary>
internal readonly struct ScaledByteMatrix(ArrayView<byte> values, int stride, float scale, float shift) : IMatrix
{
    private readonly ArrayView<byte> _values = values;
    private readonly int _stride = stride;
    private readonly float _scale = scale, _shift = shift;

    public float Get(int row, int column) => _scale * _values[(long)row * _stride + column] + _shift;
}
