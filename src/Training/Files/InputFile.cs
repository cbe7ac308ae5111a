using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Training.Files;

/// <summary>A file that is read at any place in it, and may be a pipe, such as the shell makes of <c>&lt;(command)</c>.</summary>
internal static class InputFile
{
    /// <summary>What is taken from a pipe at most, bytes; a device may have no end.</summary>
    private const long MostPiped = 1L << 30;

    /// <summary>Opens a file; what can only be read from its beginning to its end is read whole.</summary>
    /// <returns>A stream that can be positioned.</returns>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    /// <exception cref="InputException">It does not end.</exception>
    public static Stream Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        // A device such as /dev/zero can be positioned, but has no length.
        if (file.CanSeek && !IsPiped(path))
            return file;
        using (file)
        {
            var content = new MemoryStream();
            byte[] block = new byte[1 << 16];
            for (int read; (read = file.Read(block)) > 0; content.Write(block, 0, read))
            {
                if (content.Length + read > MostPiped)
                    throw new InputException($"{path}: more than {MostPiped >> 20} MiB come from this pipe; name a file");
            }
            content.Position = 0;
            return content;
        }
    }

    /// <summary>
    /// Whether there is something of this name. .NET's own answer is no where that cannot be told, as in a folder that this user
    /// may not enter.
    /// </summary>
    /// <exception cref="InputException">Nothing tells whether there is.</exception>
    public static bool IsThere(string path)
    {
        try
        {
            _ = File.GetAttributes(path);
            return true;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Whether a path leads to a pipe or a device, beside which nothing can be put and which is read once.</summary>
    public static bool IsPiped(string path) => !OperatingSystem.IsWindows() && Libc.IsSpecial(path);
}
