using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace IlgpuDistance.Training.Data;

/// <summary>MD5 sums as 32 lower-case hexadecimal digits.</summary>
[SuppressMessage(
    "Security", "CA5351", Justification = "The published checksums of MNIST are MD5; they find damage, not forgery.")]
internal static class Md5Sum
{
    /// <summary>The sum of what a stream still gives.</summary>
    public static string Of(Stream stream) => Convert.ToHexStringLower(MD5.HashData(stream));

    /// <summary>The sum of bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));

    /// <summary>The sum of one part of bytes followed by another.</summary>
    public static string Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        hash.AppendData(first);
        hash.AppendData(second);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
