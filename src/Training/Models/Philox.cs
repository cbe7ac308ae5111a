namespace IlgpuDistance.Training.Models;

/// <summary>
/// Philox4x32-10: a random function from a 64-bit key and a 128-bit counter to 128 bits. It has no state, so a value can be
/// had in any order and on any machine.
/// </summary>
/// <remarks>
/// J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC '11,
/// doi:10.1145/2063384.2063405.
/// </remarks>
internal static class Philox
{
    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    private const uint KeyIncrement0 = 0x9E3779B9, KeyIncrement1 = 0xBB67AE85;

    /// <summary>The four 32-bit words at a counter.</summary>
    /// <param name="key">The key, its low 32 bits being the first word.</param>
    /// <param name="c0">First word of the counter.</param>
    /// <param name="c1">Second word of the counter.</param>
    /// <param name="c2">Third word of the counter.</param>
    /// <param name="c3">Fourth word of the counter.</param>
    public static (uint X0, uint X1, uint X2, uint X3) Words(ulong key, uint c0, uint c1, uint c2, uint c3)
    {
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0;
            ulong product1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = (
                (uint)(product1 >> 32) ^ c1 ^ k0,
                (uint)product1,
                (uint)(product0 >> 32) ^ c3 ^ k1,
                (uint)product0);
            k0 += KeyIncrement0;
            k1 += KeyIncrement1;
        }
        return (c0, c1, c2, c3);
    }
}
