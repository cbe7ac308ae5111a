namespace IlgpuDistance.Training.Files;

/// <summary>What Git LFS leaves in place of a large file until it is fetched.</summary>
internal static class GitLfs
{
    private static ReadOnlySpan<byte> Start => "version https://git-lfs.github.com/spec/"u8;

    /// <summary>As many bytes from the beginning of a file as are looked at.</summary>
    public static int StartBytes => Start.Length;

    /// <summary>Whether a file that begins so is a pointer to another.</summary>
    public static bool IsPointer(ReadOnlySpan<byte> start) => start.StartsWith(Start);
}
