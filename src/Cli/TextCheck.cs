using System.Runtime.InteropServices;
using System.Text;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Cli;

/// <summary>
/// Refuses names that are not UTF-8. To Linux a name is bytes, to .NET it is text: it puts U+FFFD for what it cannot read, and
/// would make another file or folder than the one that was meant.
/// </summary>
/// <remarks>A name may hold a U+FFFD of its own, so that the bytes decide; they are looked at only where there is one.</remarks>
internal static partial class TextCheck
{
    private const char Replacement = '\uFFFD';

    private const int LongestPath = 4096;

    /// <summary>The variables that name files or folders which this program reads or writes.</summary>
    private static readonly string[] Variables = ["ILGPU_DISTANCE_DATA", "XDG_CACHE_HOME", "HOME", "TMPDIR"];

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Checks the arguments, the environment, and the name of the working folder.</summary>
    /// <exception cref="InputException">One of them is not UTF-8.</exception>
    public static void Check(IReadOnlyList<string> arguments)
    {
        if (!OperatingSystem.IsLinux())
            return;
        if (arguments.Any(IsDoubtful))
        {
            foreach (byte[] argument in Split(File.ReadAllBytes("/proc/self/cmdline")))
                Check("", argument);
        }
        foreach (string variable in Variables)
        {
            if (Environment.GetEnvironmentVariable(variable) is { } value && IsDoubtful(value))
            {
                byte[] name = Strict.GetBytes($"{variable}=");
                foreach (byte[] setting in Split(File.ReadAllBytes("/proc/self/environ")))
                {
                    if (setting.AsSpan().StartsWith(name))
                        Check($"{variable} ", setting[name.Length..]);
                }
            }
        }
        if (IsDoubtful(Environment.CurrentDirectory))
        {
            byte[] folder = new byte[LongestPath];
            if (WorkingFolder(folder, folder.Length) != 0)
                Check("the working folder ", Split(folder).First());
        }
    }

    private static bool IsDoubtful(string text) => text.Contains(Replacement, StringComparison.Ordinal);

    /// <summary>Splits what is ended by zeros.</summary>
    private static IEnumerable<byte[]> Split(byte[] content)
    {
        for (int begin = 0; begin < content.Length;)
        {
            int end = Array.IndexOf(content, (byte)0, begin);
            end = end < 0 ? content.Length : end;
            yield return content[begin..end];
            begin = end + 1;
        }
    }

    private static void Check(string what, byte[] text)
    {
        try
        {
            _ = Strict.GetCharCount(text);
        }
        catch (DecoderFallbackException error)
        {
            throw new InputException(
                $"{what}{Escaped(text)}: is not UTF-8, and names that are not cannot be used here; rename it, or name it " +
                    $"through a link",
                error);
        }
    }

    /// <summary>The text with \xFF for each byte that is no part of a character.</summary>
    private static string Escaped(ReadOnlySpan<byte> text)
    {
        var result = new StringBuilder();
        while (!text.IsEmpty)
        {
            bool isSound = Rune.DecodeFromUtf8(text, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            result.Append(isSound ? rune.ToString() : string.Concat(text[..length].ToArray().Select(value => $"\\x{value:X2}")));
            text = text[length..];
        }
        return result.ToString();
    }

    [LibraryImport("libc", EntryPoint = "getcwd")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint WorkingFolder(Span<byte> path, nint size);
}
