using System.Runtime.CompilerServices;
using IlgpuDistance.Gpu.Vectors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// One to four neighbouring vectors of a row. A tile of a product holds a strip of each of its rows in registers.
/// </summary>
/// <remarks>
/// Each vector is a field of its own, and all methods are inlined: of arrays, of structures in structures, and of whatever is
/// handed to a call, the JIT makes memory.
/// </remarks>
internal unsafe interface IStrip<TStrip, TVector> where TStrip : struct, IStrip<TStrip, TVector>
{
    /// <summary>The vectors from an address on.</summary>
    static abstract TStrip Load(float* source);

    /// <summary>The other way.</summary>
    void Store(float* target);

    /// <summary>Adds the vectors to those from an address on.</summary>
    void AddTo(float* target);

    /// <summary>This += x · row.</summary>
    void MultiplyAdd(TVector x, in TStrip row);
}

/// <summary>One vector.</summary>
internal unsafe struct Strip1<TSimd, TVector> : IStrip<Strip1<TSimd, TVector>, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private TVector _v0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip1<TSimd, TVector> Load(float* source) => new() { _v0 = TSimd.Load(source) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target) => TSimd.Store(_v0, target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AddTo(float* target)
    {
        TSimd.Store(TSimd.Add(TSimd.Load(target), _v0), target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAdd(TVector x, in Strip1<TSimd, TVector> row) => _v0 = TSimd.MultiplyAdd(x, row._v0, _v0);
}

/// <summary>Two vectors.</summary>
internal unsafe struct Strip2<TSimd, TVector> : IStrip<Strip2<TSimd, TVector>, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private TVector _v0, _v1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip2<TSimd, TVector> Load(float* source) =>
        new() { _v0 = TSimd.Load(source), _v1 = TSimd.Load(source + TSimd.Count) };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target)
    {
        TSimd.Store(_v0, target);
        TSimd.Store(_v1, target + TSimd.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AddTo(float* target)
    {
        TSimd.Store(TSimd.Add(TSimd.Load(target), _v0), target);
        TSimd.Store(TSimd.Add(TSimd.Load(target + TSimd.Count), _v1), target + TSimd.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAdd(TVector x, in Strip2<TSimd, TVector> row)
    {
        _v0 = TSimd.MultiplyAdd(x, row._v0, _v0);
        _v1 = TSimd.MultiplyAdd(x, row._v1, _v1);
    }
}

/// <summary>Three vectors.</summary>
internal unsafe struct Strip3<TSimd, TVector> : IStrip<Strip3<TSimd, TVector>, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private TVector _v0, _v1, _v2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip3<TSimd, TVector> Load(float* source) => new()
    {
        _v0 = TSimd.Load(source),
        _v1 = TSimd.Load(source + TSimd.Count),
        _v2 = TSimd.Load(source + 2 * TSimd.Count),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target)
    {
        TSimd.Store(_v0, target);
        TSimd.Store(_v1, target + TSimd.Count);
        TSimd.Store(_v2, target + 2 * TSimd.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AddTo(float* target)
    {
        TSimd.Store(TSimd.Add(TSimd.Load(target), _v0), target);
        TSimd.Store(TSimd.Add(TSimd.Load(target + TSimd.Count), _v1), target + TSimd.Count);
        TSimd.Store(TSimd.Add(TSimd.Load(target + 2 * TSimd.Count), _v2), target + 2 * TSimd.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAdd(TVector x, in Strip3<TSimd, TVector> row)
    {
        _v0 = TSimd.MultiplyAdd(x, row._v0, _v0);
        _v1 = TSimd.MultiplyAdd(x, row._v1, _v1);
        _v2 = TSimd.MultiplyAdd(x, row._v2, _v2);
    }
}

/// <summary>Four vectors.</summary>
internal unsafe struct Strip4<TSimd, TVector> : IStrip<Strip4<TSimd, TVector>, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private TVector _v0, _v1, _v2, _v3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Strip4<TSimd, TVector> Load(float* source) => new()
    {
        _v0 = TSimd.Load(source),
        _v1 = TSimd.Load(source + TSimd.Count),
        _v2 = TSimd.Load(source + 2 * TSimd.Count),
        _v3 = TSimd.Load(source + 3 * TSimd.Count),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target)
    {
        TSimd.Store(_v0, target);
        TSimd.Store(_v1, target + TSimd.Count);
        TSimd.Store(_v2, target + 2 * TSimd.Count);
        TSimd.Store(_v3, target + 3 * TSimd.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void AddTo(float* target)
    {
        TSimd.Store(TSimd.Add(TSimd.Load(target), _v0), target);
        TSimd.Store(TSimd.Add(TSimd.Load(target + TSimd.Count), _v1), target + TSimd.Count);
        TSimd.Store(TSimd.Add(TSimd.Load(target + 2 * TSimd.Count), _v2), target + 2 * TSimd.Count);
        TSimd.Store(TSimd.Add(TSimd.Load(target + 3 * TSimd.Count), _v3), target + 3 * TSimd.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MultiplyAdd(TVector x, in Strip4<TSimd, TVector> row)
    {
        _v0 = TSimd.MultiplyAdd(x, row._v0, _v0);
        _v1 = TSimd.MultiplyAdd(x, row._v1, _v1);
        _v2 = TSimd.MultiplyAdd(x, row._v2, _v2);
        _v3 = TSimd.MultiplyAdd(x, row._v3, _v3);
    }
}
