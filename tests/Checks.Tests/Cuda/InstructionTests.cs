using System.Numerics;
using System.Runtime.CompilerServices;

namespace IlgpuDistance.Checks.Tests.Cuda;

/// <summary>What the emulated CUDA device computes, against .NET's arithmetic.</summary>
public sealed class InstructionTests
{
    private const int Items = 64;

    private static readonly float[] Floats =
    [
        0f, -0f, 1f, -1f, 0.1f, -3.5f, 2.5f, 1e-45f, -1e-40f, 3.4e38f, 16777217f, 2147483648f, 4294967296f, -2147483904f,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1.0000001f, 9.2233720e18f, 0.49999997f,
    ];

    private static readonly int[] Integers =
    [
        0, 1, -1, 2, -2, 31, 32, 33, 64, 100, -100, 255, 256, 65535, 65536, int.MaxValue, int.MinValue, 0x12345678, -7, 7,
    ];

    public static TheoryData<string> FloatOperations => [.. OfFloats.Keys];

    public static TheoryData<string> FloatComparisons => [.. Comparisons.Keys];

    public static TheoryData<string> IntegerOperations => [.. OfIntegers.Keys];

    public static TheoryData<string> LongOperations => [.. OfLongs.Keys];

    public static TheoryData<string> Conversions => [.. FromFloats.Keys];

    private static readonly Dictionary<string, Func<float, float, float, float>> OfFloats = new()
    {
        ["add.f32 %f4, %f1, %f2;"] = (x, y, _) => x + y,
        ["sub.f32 %f4, %f1, %f2;"] = (x, y, _) => x - y,
        ["mul.f32 %f4, %f1, %f2;"] = (x, y, _) => x * y,
        ["fma.rn.f32 %f4, %f1, %f2, %f3;"] = MathF.FusedMultiplyAdd,
        ["mul.f32 %f4, %f1, %f2; add.f32 %f4, %f4, %f3;"] = (x, y, z) =>
        {
            float product = x * y;
            return product + z;
        },
        ["div.rn.f32 %f4, %f1, %f2;"] = (x, y, _) => x / y,
        ["rcp.rn.f32 %f4, %f1;"] = (x, _, _) => 1 / x,
        ["sqrt.rn.f32 %f4, %f1;"] = (x, _, _) => MathF.Sqrt(x),
        ["neg.f32 %f4, %f1;"] = (x, _, _) => -x,
        ["abs.f32 %f4, %f1;"] = (x, _, _) => MathF.Abs(x),
        ["min.f32 %f4, %f1, %f2;"] = (x, y, _) => float.MinNumber(x, y),
        ["max.f32 %f4, %f1, %f2;"] = (x, y, _) => float.MaxNumber(x, y),
        ["cvt.rzi.f32.f32 %f4, %f1;"] = (x, _, _) => MathF.Truncate(x),
        ["cvt.rni.f32.f32 %f4, %f1;"] = (x, _, _) => MathF.Round(x, MidpointRounding.ToEven),
        ["cvt.rmi.f32.f32 %f4, %f1;"] = (x, _, _) => MathF.Floor(x),
        ["cvt.rpi.f32.f32 %f4, %f1;"] = (x, _, _) => MathF.Ceiling(x),
        ["setp.lt.f32 %p1, %f1, %f2; selp.f32 %f4, %f3, %f1, %p1;"] = (x, y, z) => x < y ? z : x,
        ["mov.b32 %r3, %f1; xor.b32 %r3, %r3, 1; mov.b32 %f4, %r3;"] =
            (x, _, _) => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(x) ^ 1),
    };

    private static readonly Dictionary<string, Func<float, float, bool>> Comparisons = new()
    {
        ["eq"] = (x, y) => x == y,
        ["ne"] = (x, y) => x < y || x > y,
        ["lt"] = (x, y) => x < y,
        ["le"] = (x, y) => x <= y,
        ["gt"] = (x, y) => x > y,
        ["ge"] = (x, y) => x >= y,
        ["equ"] = (x, y) => !(x < y || x > y),
        ["neu"] = (x, y) => x != y,
        ["ltu"] = (x, y) => !(x >= y),
        ["leu"] = (x, y) => !(x > y),
        ["gtu"] = (x, y) => !(x <= y),
        ["geu"] = (x, y) => !(x < y),
        ["num"] = (x, y) => !float.IsNaN(x) && !float.IsNaN(y),
        ["nan"] = (x, y) => float.IsNaN(x) || float.IsNaN(y),
    };

    private static readonly Dictionary<string, Func<int, int, int, int>> OfIntegers = new()
    {
        ["add.s32 %r6, %r3, %r4;"] = (x, y, _) => x + y,
        ["sub.u32 %r6, %r3, %r4;"] = (x, y, _) => x - y,
        ["mul.lo.s32 %r6, %r3, %r4;"] = (x, y, _) => x * y,
        ["mul.hi.s32 %r6, %r3, %r4;"] = (x, y, _) => (int)((long)x * y >> 32),
        ["mul.hi.u32 %r6, %r3, %r4;"] = (x, y, _) => (int)((ulong)(uint)x * (uint)y >> 32),
        ["mad.lo.s32 %r6, %r3, %r4, %r5;"] = (x, y, z) => x * y + z,
        ["min.s32 %r6, %r3, %r4;"] = (x, y, _) => Math.Min(x, y),
        ["max.u32 %r6, %r3, %r4;"] = (x, y, _) => (int)Math.Max((uint)x, (uint)y),
        ["and.b32 %r6, %r3, %r4;"] = (x, y, _) => x & y,
        ["or.b32 %r6, %r3, %r4;"] = (x, y, _) => x | y,
        ["not.b32 %r6, %r3;"] = (x, _, _) => ~x,
        ["neg.s32 %r6, %r3;"] = (x, _, _) => -x,
        ["abs.s32 %r6, %r3;"] = (x, _, _) => x < 0 ? -x : x,
        ["shl.b32 %r6, %r3, %r4;"] = (x, y, _) => (uint)y < 32 ? x << y : 0,
        ["shr.s32 %r6, %r3, %r4;"] = (x, y, _) => x >> (int)Math.Min((uint)y, 31),
        ["shr.u32 %r6, %r3, %r4;"] = (x, y, _) => (uint)y < 32 ? x >>> y : 0,
        ["popc.b32 %r6, %r3;"] = (x, _, _) => BitOperations.PopCount((uint)x),
        ["clz.b32 %r6, %r3;"] = (x, _, _) => BitOperations.LeadingZeroCount((uint)x),
        ["brev.b32 %r6, %r3;"] = (x, _, _) =>
            Enumerable.Range(0, 32).Sum(bit => (x >>> bit & 1) << (31 - bit)),
        ["cvt.s32.s8 %r6, %r3;"] = (x, _, _) => (sbyte)x,
        ["cvt.u32.u16 %r6, %r3;"] = (x, _, _) => (ushort)x,
        ["cvt.s32.u8 %r6, %r3;"] = (x, _, _) => (byte)x,
        ["cvt.rn.f32.s32 %f1, %r3; mov.b32 %r6, %f1;"] = (x, _, _) => BitConverter.SingleToInt32Bits(x),
        ["cvt.rn.f32.u32 %f1, %r3; mov.b32 %r6, %f1;"] = (x, _, _) => BitConverter.SingleToInt32Bits((uint)x),
        ["setp.lt.u32 %p1, %r3, %r4; selp.b32 %r6, 1, 0, %p1;"] = (x, y, _) => (uint)x < (uint)y ? 1 : 0,
        ["setp.hi.u32 %p1, %r3, %r4; selp.b32 %r6, 1, 0, %p1;"] = (x, y, _) => (uint)x > (uint)y ? 1 : 0,
        ["setp.ge.s32 %p1, %r3, %r4; not.pred %p1, %p1; selp.b32 %r6, 1, 0, %p1;"] = (x, y, _) => x < y ? 1 : 0,
        ["setp.ne.s32 %p1, %r3, %r4; setp.gt.s32 %p2, %r3, %r5; and.pred %p1, %p1, %p2; selp.s32 %r6, 7, -7, %p1;"] =
            (x, y, z) => x != y && x > z ? 7 : -7,
        // A division by zero has no defined result.
        ["setp.eq.s32 %p1, %r4, 0; @%p1 mov.b32 %r4, 3; div.s32 %r6, %r3, %r4;"] = (x, y, _) =>
            y == -1 ? -x : x / (y == 0 ? 3 : y),
        ["setp.eq.s32 %p1, %r4, 0; @%p1 mov.b32 %r4, 3; rem.u32 %r6, %r3, %r4;"] = (x, y, _) =>
            (int)((uint)x % (y == 0 ? 3 : (uint)y)),
    };

    private static readonly Dictionary<string, Func<int, int, long>> OfLongs = new()
    {
        ["mul.wide.s32 %rd6, %r3, %r4;"] = (x, y) => (long)x * y,
        ["mul.wide.u32 %rd6, %r3, %r4;"] = (x, y) => (long)((ulong)(uint)x * (uint)y),
        ["cvt.s64.s32 %rd6, %r3;"] = (x, _) => x,
        ["cvt.u64.u32 %rd6, %r3;"] = (x, _) => (uint)x,
        ["cvt.s64.s32 %rd7, %r3; cvt.s64.s32 %rd8, %r4; mul.lo.s64 %rd6, %rd7, %rd8; sub.s64 %rd6, %rd6, 5;"] =
            (x, y) => (long)x * y - 5,
        ["cvt.s64.s32 %rd7, %r3; shl.b64 %rd6, %rd7, 7; shr.s64 %rd6, %rd6, 3;"] = (x, _) => ((long)x << 7) >> 3,
        ["cvt.s64.s32 %rd7, %r3; cvt.u64.u32 %rd8, %r4; mul.hi.u64 %rd6, %rd7, %rd8;"] = (x, y) =>
            (long)Math.BigMul((ulong)(long)x, (uint)y, out _),
        ["cvt.s64.s32 %rd7, %r3; cvt.s64.s32 %rd8, %r4; setp.le.s64 %p1, %rd7, %rd8; selp.b64 %rd6, %rd7, %rd8, %p1;"] =
            (x, y) => Math.Min(x, y),
    };

    private static readonly Dictionary<string, Func<float, long>> FromFloats = new()
    {
        // .NET's conversions saturate, too, and turn NaN into zero.
        ["cvt.rzi.s32.f32 %r3, %f1; cvt.s64.s32 %rd6, %r3;"] = x => (int)x,
        ["cvt.rzi.u32.f32 %r3, %f1; cvt.u64.u32 %rd6, %r3;"] = x => (uint)x,
        ["cvt.rzi.s64.f32 %rd6, %f1;"] = x => (long)x,
        ["cvt.rzi.u64.f32 %rd6, %f1;"] = x => (long)(ulong)x,
        ["cvt.rni.s32.f32 %r3, %f1; cvt.s64.s32 %rd6, %r3;"] = x => (int)MathF.Round(x, MidpointRounding.ToEven),
        ["cvt.rmi.s32.f32 %r3, %f1; cvt.s64.s32 %rd6, %r3;"] = x => (int)MathF.Floor(x),
        ["cvt.rpi.s32.f32 %r3, %f1; cvt.s64.s32 %rd6, %r3;"] = x => (int)MathF.Ceiling(x),
    };

    [SkippableTheory]
    [MemberData(nameof(FloatOperations))]
    public void Floats_are_those_of_IEEE_to_the_bit(string lines) => AgreeOn(
        Floats, lines, "ld.global.f32 %f1, [%rd3]; ld.global.f32 %f2, [%rd3+256]; ld.global.f32 %f3, [%rd3+512];",
        "st.global.f32 [%rd4], %f4;", (x, y, z) => Bits(OfFloats[lines](x, y, z)), (float bits) => Bits(bits));

    [SkippableTheory]
    [MemberData(nameof(FloatComparisons))]
    public void Comparisons_know_what_is_no_number(string name) => AgreeOn(
        Floats, $"setp.{name}.f32 %p1, %f1, %f2; selp.b32 %r3, 1, 0, %p1;",
        "ld.global.f32 %f1, [%rd3]; ld.global.f32 %f2, [%rd3+256];", "st.global.b32 [%rd4], %r3;",
        (x, y, _) => Comparisons[name](x, y) ? 1 : 0, (int value) => value);

    [SkippableTheory]
    [MemberData(nameof(IntegerOperations))]
    public void Integers_of_32_bits_wrap_around(string lines) => AgreeOn(
        Integers, lines, "ld.global.b32 %r3, [%rd3]; ld.global.b32 %r4, [%rd3+256]; ld.global.b32 %r5, [%rd3+512];",
        "st.global.b32 [%rd4], %r6;", (x, y, z) => OfIntegers[lines](x, y, z), (int value) => value);

    [SkippableTheory]
    [MemberData(nameof(LongOperations))]
    public void Integers_of_64_bits_wrap_around(string lines) => AgreeOn(
        Integers, lines, "ld.global.b32 %r3, [%rd3]; ld.global.b32 %r4, [%rd3+256];",
        "mad.wide.u32 %rd4, %r1, 4, %rd4; st.global.b64 [%rd4], %rd6;", (x, y, _) => OfLongs[lines](x, y), (long value) => value);

    [SkippableTheory]
    [MemberData(nameof(Conversions))]
    public void Floats_become_the_nearest_integer_that_there_is(string lines) => AgreeOn(
        Floats, lines, "ld.global.f32 %f1, [%rd3];", "mad.wide.u32 %rd4, %r1, 4, %rd4; st.global.b64 [%rd4], %rd6;",
        (x, _, _) => FromFloats[lines](x), (long value) => value);

    [SkippableFact]
    public void Items_that_part_in_a_loop_meet_again_behind_it()
    {
        Emulator.Require();
        // Item n adds up 0 … n - 1, the odd numbers doubled.
        string kernel = Ptx.Kernel("""
            	mov.b32 %r3, 0;
            	mov.b32 %r4, 0;
            LOOP:
            	setp.ge.s32 %p1, %r3, %r1;
            	@%p1 bra END;
            	and.b32 %r5, %r3, 1;
            	setp.eq.s32 %p2, %r5, 0;
            	@%p2 bra EVEN;
            	add.s32 %r4, %r4, %r3;
            EVEN:
            	add.s32 %r4, %r4, %r3;
            	add.s32 %r3, %r3, 1;
            	bra LOOP;
            END:
            	bar.sync 0;
            	st.global.b32 [%rd4], %r4;
            """);
        ulong b = Emulator.Allocate(Items * sizeof(int));
        Emulator.Launch(kernel, 1, Items, b, b);
        int[] expected = [.. Enumerable.Range(0, Items).Select(n => Enumerable.Range(0, n).Sum(i => i % 2 == 0 ? i : 2 * i))];
        Assert.Equal(expected, Emulator.Download<int>(b, Items));
    }

    /// <summary>Runs lines on all triples of values, and compares with a function; all NaNs are alike.</summary>
    private static void AgreeOn<T, TResult>(
        T[] values, string lines, string load, string store, Func<T, T, T, long> expected, Func<TResult, long> bits)
        where T : unmanaged
        where TResult : unmanaged
    {
        Emulator.Require();
        string kernel = Ptx.Kernel($"{load}\n{lines}\n{store}");
        (T X, T Y, T Z)[] triples = [.. values.SelectMany(x => values.SelectMany(y => values.Select(z => (x, y, z))))];
        foreach ((T X, T Y, T Z)[] part in triples.Chunk(Items).Where(part => part.Length == Items))
        {
            ulong a = Emulator.Upload<T>([.. part.Select(t => t.X), .. part.Select(t => t.Y), .. part.Select(t => t.Z)]);
            ulong b = Emulator.Allocate(Items * Unsafe.SizeOf<TResult>());
            Emulator.Launch(kernel, 1, Items, a, b);
            Assert.Equal(
                part.Select(t => (t, expected(t.X, t.Y, t.Z))),
                part.Zip(Emulator.Download<TResult>(b, Items), (t, result) => (t, bits(result))));
            Assert.Equal(Emulator.Success, Emulator.Free(a) | Emulator.Free(b));
        }
    }

    private static long Bits(float value) => BitConverter.SingleToInt32Bits(float.IsNaN(value) ? float.NaN : value);
}
