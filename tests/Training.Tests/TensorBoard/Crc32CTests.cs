using System.Text;
using IlgpuDistance.Training.TensorBoard;

namespace IlgpuDistance.Training.Tests.TensorBoard;

public sealed class Crc32CTests
{
    /// <summary>The examples of RFC 3720, section B.4, and the usual check of a CRC.</summary>
    public static TheoryData<byte[], uint> Published() => new()
    {
        { new byte[32], 0x8A9136AA },
        { [.. Enumerable.Repeat((byte)0xFF, 32)], 0x62A8AB43 },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)i)], 0x46DD794E },
        { [.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))], 0x113FDB5C },
        { Convert.FromHexString("01C00000000000000000000000000000140000000000040000000014000000182800000000000000" +
            "0200000000000000"), 0xD9963A56 },
        { Encoding.ASCII.GetBytes("123456789"), 0xE3069283 },
        { [], 0 },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void The_sums_are_those_that_are_published(byte[] bytes, uint sum) => Assert.Equal(sum, Crc32C.Of(bytes));
}
