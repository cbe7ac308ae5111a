using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using IlgpuDistance.Gpu.Arithmetic;

namespace IlgpuDistance.Gpu.Vectors;

/// <summary>
/// The vector operations that the SIMD bodies are written in, so that one body compiles to AVX-512, AVX2 and ARM64 code:
/// the JIT makes a separate, fully inlined version of each generic body for each implementation.
/// </summary>
/// <typeparam name="TVector">A vector of float32.</typeparam>
internal unsafe interface ISimd<TVector> : IArithmetic<TVector> where TVector : unmanaged
{
    /// <summary>Floats per vector; divides <see cref="Networks.NetworkPlan.RowAlignment"/>.</summary>
    static abstract int Count { get; }

    /// <summary>Whether the processor has 32 vector registers, enough for a tile of 4 × 4 vectors; else 16.</summary>
    static abstract bool HasManyRegisters { get; }

    static abstract TVector Load(float* source);
    static abstract void Store(TVector value, float* target);

    /// <summary>As many bytes as there are floats in a vector, as floats.</summary>
    static abstract TVector LoadBytes(byte* source);

    static abstract TVector Min(TVector a, TVector b);

    /// <summary>2ⁿ, with n + 127 in the lowest 8 bits of the fraction, as of 2²³ + n + 127.</summary>
    static abstract TVector PowerOfTwo(TVector biased);

    static abstract TVector Log(TVector a);

    /// <summary>Where a &gt; b the first value, elsewhere the second.</summary>
    static abstract TVector SelectGreater(TVector a, TVector b, TVector greater, TVector otherwise);

    /// <summary>Bit i tells whether the i-th floats are equal.</summary>
    static abstract ulong EqualBits(TVector a, TVector b);

    static abstract float Sum(TVector a);
    static abstract float Largest(TVector a);
}

/// <summary>512 bits: x86-64 with AVX-512.</summary>
internal readonly unsafe struct Simd512 : ISimd<Vector512<float>>
{
    // Behind the bits of the fraction.
    private const int ExponentBit = 23;

    public static int Count => Vector512<float>.Count;
    public static bool HasManyRegisters => true;
    public static Vector512<float> Zero => Vector512<float>.Zero;
    public static Vector512<float> Create(float value) => Vector512.Create(value);
    public static Vector512<float> Load(float* source) => Vector512.Load(source);
    public static void Store(Vector512<float> value, float* target) => value.Store(target);
    public static Vector512<float> LoadBytes(byte* source) =>
        Vector512.Create(Simd256.LoadBytes(source), Simd256.LoadBytes(source + Simd256.Count));
    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;
    public static Vector512<float> Subtract(Vector512<float> a, Vector512<float> b) => a - b;
    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;
    public static Vector512<float> Divide(Vector512<float> a, Vector512<float> b) => a / b;
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Vector512.MultiplyAddEstimate(a, b, c);
    public static Vector512<float> Min(Vector512<float> a, Vector512<float> b) => Vector512.Min(a, b);
    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) => Vector512.Max(a, b);
    public static Vector512<float> Abs(Vector512<float> a) => Vector512.Abs(a);
    public static Vector512<float> Negate(Vector512<float> a) => -a;
    public static Vector512<float> Sqrt(Vector512<float> a) => Vector512.Sqrt(a);
    public static Vector512<float> PowerOfTwo(Vector512<float> biased) => (biased.AsInt32() << ExponentBit).AsSingle();
    public static Vector512<float> Log(Vector512<float> a) => Vector512.Log(a);
    public static Vector512<float> WhereGreater(Vector512<float> x, Vector512<float> limit, Vector512<float> value) =>
        Vector512.GreaterThan(x, limit) & value;
    public static Vector512<float> SelectGreater(
        Vector512<float> a, Vector512<float> b, Vector512<float> greater, Vector512<float> otherwise) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(a, b), greater, otherwise);
    public static ulong EqualBits(Vector512<float> a, Vector512<float> b) => Vector512.Equals(a, b).ExtractMostSignificantBits();
    public static float Sum(Vector512<float> a) => Vector512.Sum(a);
    public static float Largest(Vector512<float> a) => Simd256.Largest(Vector256.Max(a.GetLower(), a.GetUpper()));
}

/// <summary>256 bits: x86-64 with AVX2.</summary>
internal readonly unsafe struct Simd256 : ISimd<Vector256<float>>
{
    // Behind the bits of the fraction.
    private const int ExponentBit = 23;

    public static int Count => Vector256<float>.Count;
    public static bool HasManyRegisters => Avx512F.VL.IsSupported;
    public static Vector256<float> Zero => Vector256<float>.Zero;
    public static Vector256<float> Create(float value) => Vector256.Create(value);
    public static Vector256<float> Load(float* source) => Vector256.Load(source);
    public static void Store(Vector256<float> value, float* target) => value.Store(target);
    public static Vector256<float> LoadBytes(byte* source)
    {
        Vector128<ushort> words = Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)source).AsByte());
        return Vector256.ConvertToSingle(Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).AsInt32());
    }

    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;
    public static Vector256<float> Subtract(Vector256<float> a, Vector256<float> b) => a - b;
    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;
    public static Vector256<float> Divide(Vector256<float> a, Vector256<float> b) => a / b;
    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Vector256.MultiplyAddEstimate(a, b, c);
    public static Vector256<float> Min(Vector256<float> a, Vector256<float> b) => Vector256.Min(a, b);
    public static Vector256<float> Max(Vector256<float> a, Vector256<float> b) => Vector256.Max(a, b);
    public static Vector256<float> Abs(Vector256<float> a) => Vector256.Abs(a);
    public static Vector256<float> Negate(Vector256<float> a) => -a;
    public static Vector256<float> Sqrt(Vector256<float> a) => Vector256.Sqrt(a);
    public static Vector256<float> PowerOfTwo(Vector256<float> biased) => (biased.AsInt32() << ExponentBit).AsSingle();
    public static Vector256<float> Log(Vector256<float> a) => Vector256.Log(a);
    public static Vector256<float> WhereGreater(Vector256<float> x, Vector256<float> limit, Vector256<float> value) =>
        Vector256.GreaterThan(x, limit) & value;
    public static Vector256<float> SelectGreater(
        Vector256<float> a, Vector256<float> b, Vector256<float> greater, Vector256<float> otherwise) =>
        Vector256.ConditionalSelect(Vector256.GreaterThan(a, b), greater, otherwise);
    public static ulong EqualBits(Vector256<float> a, Vector256<float> b) => Vector256.Equals(a, b).ExtractMostSignificantBits();
    public static float Sum(Vector256<float> a) => Vector256.Sum(a);
    public static float Largest(Vector256<float> a) => Simd128.Largest(Vector128.Max(a.GetLower(), a.GetUpper()));
}

/// <summary>128 bits: ARM64, and whatever else the runtime knows.</summary>
internal readonly unsafe struct Simd128 : ISimd<Vector128<float>>
{
    // Behind the bits of the fraction.
    private const int ExponentBit = 23;

    public static int Count => Vector128<float>.Count;
    public static bool HasManyRegisters => !X86Base.IsSupported || Avx512F.VL.IsSupported;
    public static Vector128<float> Zero => Vector128<float>.Zero;
    public static Vector128<float> Create(float value) => Vector128.Create(value);
    public static Vector128<float> Load(float* source) => Vector128.Load(source);
    public static void Store(Vector128<float> value, float* target) => value.Store(target);
    public static Vector128<float> LoadBytes(byte* source) =>
        Vector128.ConvertToSingle(
            Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(*(uint*)source).AsByte())).AsInt32());
    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;
    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;
    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;
    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.MultiplyAddEstimate(a, b, c);
    public static Vector128<float> Min(Vector128<float> a, Vector128<float> b) => Vector128.Min(a, b);
    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Vector128.Max(a, b);
    public static Vector128<float> Abs(Vector128<float> a) => Vector128.Abs(a);
    public static Vector128<float> Negate(Vector128<float> a) => -a;
    public static Vector128<float> Sqrt(Vector128<float> a) => Vector128.Sqrt(a);
    public static Vector128<float> PowerOfTwo(Vector128<float> biased) => (biased.AsInt32() << ExponentBit).AsSingle();
    public static Vector128<float> Log(Vector128<float> a) => Vector128.Log(a);
    public static Vector128<float> WhereGreater(Vector128<float> x, Vector128<float> limit, Vector128<float> value) =>
        Vector128.GreaterThan(x, limit) & value;
    public static Vector128<float> SelectGreater(
        Vector128<float> a, Vector128<float> b, Vector128<float> greater, Vector128<float> otherwise) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), greater, otherwise);
    public static ulong EqualBits(Vector128<float> a, Vector128<float> b) => Vector128.Equals(a, b).ExtractMostSignificantBits();
    public static float Sum(Vector128<float> a) => Vector128.Sum(a);
    public static float Largest(Vector128<float> a)
    {
        Vector128<float> pairs = Vector128.Max(a, Vector128.Shuffle(a, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(pairs[0], pairs[1]);
    }
}
