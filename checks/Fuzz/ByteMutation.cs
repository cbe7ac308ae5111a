using System.Buffers.Binary;

namespace IlgpuDistance.Checks.Fuzz;

/// <summary>Damage to bytes, whatever they mean.</summary>
internal static class ByteMutation
{
    private const int MostInserted = 64;

    private static readonly long[] Numbers =
    [
        0, 1, -1, 2, 127, 128, 255, 256, short.MaxValue, ushort.MaxValue, int.MaxValue, int.MinValue, uint.MaxValue,
        long.MaxValue, long.MinValue, 1L << 40,
    ];

    /// <summary>
    /// What no reader of text expects: no UTF-8, a byte-order mark, line ends, ends of text, a terminal's escapes.
    /// </summary>
    private static readonly byte[][] Sequences =
    [
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xEF, 0xBB, 0xBF], [0x0D, 0x0A], [0],
        [0x1B, (byte)'[', (byte)'2', (byte)'J'],
    ];

    /// <summary>Applies one mutation.</summary>
    /// <param name="random">Decides which and where.</param>
    /// <param name="input">Is left as it is.</param>
    /// <param name="others">Inputs of the same kind, of which parts may be taken.</param>
    public static byte[] Apply(Random random, byte[] input, IReadOnlyList<byte[]> others)
    {
        int at = random.Next(input.Length + 1);
        int length = Math.Min(input.Length - at, 1 + (int)(input.Length * Math.Pow(random.NextDouble(), 3)));
        ReadOnlySpan<byte> before = input.AsSpan(0, at), range = input.AsSpan(at, length), after = input.AsSpan(at + length);
        switch (random.Next(9))
        {
            case 0 or 1 when length > 0:
                byte[] flipped = [.. input];
                flipped[at] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 2:
                return [.. before];
            case 3:
                return [.. before, .. after];
            case 4:
                return [.. before, .. range, .. range, .. after];
            case 5:
                byte[] inserted = new byte[random.Next(1, MostInserted)];
                random.NextBytes(inserted);
                return [.. before, .. inserted, .. input.AsSpan(at)];
            case 6:
                return [.. before, .. Mutator.Pick(random, Sequences), .. input.AsSpan(at)];
            case 7:
                byte[] other = Mutator.Pick(random, others);
                return [.. before, .. other.AsSpan(random.Next(other.Length + 1))];
            default:
                return WithNumber(random, input, at);
        }
    }

    /// <summary>Overwrites some bytes with a number, in one byte order or the other.</summary>
    private static byte[] WithNumber(Random random, byte[] input, int at)
    {
        byte[] number = new byte[sizeof(long)];
        long value = Mutator.Pick(random, Numbers);
        int size = 1 << random.Next(4);
        if (random.Next(2) == 0)
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
        else
            BinaryPrimitives.WriteInt64BigEndian(number, value << (64 - 8 * size));
        byte[] changed = [.. input];
        number.AsSpan(0, Math.Min(size, input.Length - at)).CopyTo(changed.AsSpan(at));
        return changed;
    }
}
