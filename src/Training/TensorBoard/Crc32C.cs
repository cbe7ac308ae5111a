using System.Numerics;

namespace IlgpuDistance.Training.TensorBoard;

/// <summary>
/// The cyclic redundancy check with Castagnoli's polynomial (RFC 3720), and what TensorFlow's record files make of it, so that
/// the sum of bytes that have sums in them is no special one.
/// </summary>
internal static class Crc32C
{
    private const uint MaskDelta = 0xA282EAD8;

    /// <summary>The check sum of bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    /// <summary>The same, masked.</summary>
    public static uint Masked(ReadOnlySpan<byte> bytes) => BitOperations.RotateRight(Of(bytes), 15) + MaskDelta;
}
