using ILGPU;
using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Gpu.Kernels;

/// <summary>A matrix that a kernel reads four neighbouring columns at a time; each kind gives its own compiled kernel.</summary>
/// <remarks>
/// Structures in a kernel's arguments must have no padding, inside or at their end: ILGPU 1.5.3 and its launcher do not always
/// agree where the next field begins.
/// </remarks>
internal interface ISource
{
    /// <summary>Rows that can be read.</summary>
    int Rows { get; }

    /// <summary>Groups of four columns from one row to the next, all of which can be read.</summary>
    int Stride4 { get; }

    /// <summary>Loads four neighbouring columns of a row, as they lie in memory.</summary>
    /// <param name="at">row · Stride4 + column / 4</param>
    Float4 Load(long at);

    /// <summary>
    /// The values of what was loaded; of zeros something finite. Apart, so that several loads can be under way at once.
    /// </summary>
    Float4 Decode(Float4 loaded);
}

/// <summary>What a layer can read: the stored output of the layer before it, or the samples.</summary>
internal interface IInputSource<TSelf> : ISource where TSelf : struct, IInputSource<TSelf>
{
    /// <summary>What stands in the names of kernels that read it.</summary>
    static abstract string Name { get; }

    /// <summary>The source in a layer's input.</summary>
    static abstract TSelf Of(in LayerInput input);
}

/// <summary>Floats: f(scale · value + shift).</summary>
/// <param name="Values">[Rows, Stride4]</param>
/// <param name="Stride4">Groups of four floats from one row to the next.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Scale">The factor; 1 for what is no input of the network.</param>
/// <param name="Shift">The summand; 0 for what is no input of the network.</param>
/// <param name="Activation">f</param>
internal readonly record struct FloatSource(
    ArrayView<Float4> Values, int Stride4, int Rows, float Scale, float Shift, Activation Activation)
    : IInputSource<FloatSource>
{
    public static string Name => "floats";

    public static FloatSource Of(in LayerInput input) => input.Floats;

    public Float4 Load(long at) => Values[at];

    public Float4 Decode(Float4 loaded) => Activation.Value(
        Float4.MultiplyAdd(Scale, loaded, new Float4(Shift, Shift, Shift, Shift)));
}

/// <summary>Bytes, four in a 32-bit word with the first lowest: f(scale · value + shift).</summary>
/// <param name="Values">[Rows, Stride4]</param>
/// <param name="Stride4">Words from one row to the next.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Scale">The factor.</param>
/// <param name="Shift">The summand.</param>
/// <param name="Activation">f</param>
internal readonly record struct ByteSource(
    ArrayView<uint> Values, int Stride4, int Rows, float Scale, float Shift, Activation Activation)
    : IInputSource<ByteSource>
{
    public static string Name => "bytes";

    public static ByteSource Of(in LayerInput input) => input.Bytes;

    // The word travels as the bits of a float.
    public Float4 Load(long at) => new(Interop.IntAsFloat(Values[at]), 0, 0, 0);

    public Float4 Decode(Float4 loaded)
    {
        // Signed, because a conversion from an unsigned number goes through float64.
        int v = (int)Interop.FloatAsInt(loaded.X);
        return Activation.Value(Float4.MultiplyAdd(
            Scale, new Float4(v & 0xFF, v >> 8 & 0xFF, v >> 16 & 0xFF, v >> 24 & 0xFF), new Float4(Shift, Shift, Shift, Shift)));
    }
}

/// <summary>Floats as they are.</summary>
/// <param name="Values">[Rows, Stride4]</param>
/// <param name="Stride4">Groups of four floats from one row to the next.</param>
/// <param name="Rows">Number of rows.</param>
internal readonly record struct PlainSource(ArrayView<Float4> Values, int Stride4, int Rows) : ISource
{
    public Float4 Load(long at) => Values[at];

    public Float4 Decode(Float4 loaded) => loaded;
}
