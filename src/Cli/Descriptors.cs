using System.Runtime.InteropServices;

namespace IlgpuDistance.Cli;

/// <summary>
/// The descriptors 0, 1 and 2 of Unix: whether this program was given them, and writing without .NET's console.
/// </summary>
/// <remarks>
/// Where a program is started with one of them closed (<c>&gt;&amp;-</c>), the next file that is opened gets its number, be
/// it a model or a pipe of the runtime, and what is then printed goes into that file. And .NET's console does not tell
/// that the reader of a pipe has gone.
/// </remarks>
internal static partial class Descriptors
{
    private const int GetFlags = 1, CloseOnExec = 1, ReadWrite = 2;
    private const short CanWrite = 4;
    private const int Interrupted = 4, BrokenPipe = 32;
    private const ulong LinuxWindowSize = 0x5413;

    private static readonly bool[] Closed = new bool[3];

    /// <summary>EAGAIN: a pipe that does not block is full.</summary>
    private static int Full => OperatingSystem.IsLinux() ? 11 : 35;

    /// <summary>
    /// Occupies what was not given, so that no file gets its number; to be called before any file is opened. What the
    /// runtime itself has opened meanwhile is told by its close-on-exec flag: what was given has passed an exec without it.
    /// </summary>
    public static void Claim()
    {
        if (OperatingSystem.IsWindows())
            return;
        for (int descriptor = 0; descriptor < Closed.Length; descriptor++)
        {
            int flags = Control(descriptor, GetFlags);
            Closed[descriptor] = flags < 0 || (flags & CloseOnExec) != 0;
            if (flags < 0)
                _ = Open("/dev/null", ReadWrite);
        }
    }

    /// <summary>Writes all bytes.</summary>
    /// <returns>Null, or why they could not be written.</returns>
    public static WriteProblem? Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        if (Closed[descriptor])
            return new WriteProblem("it is closed", ReaderIsGone: false);
        while (!bytes.IsEmpty)
        {
            nint written = Write(descriptor, bytes, bytes.Length);
            if (written >= 0)
            {
                bytes = bytes[(int)written..];
                continue;
            }
            int error = Marshal.GetLastPInvokeError();
            if (error == Full)
                _ = Poll([new Polled(descriptor, CanWrite)], 1, Timeout.Infinite);
            else if (error != Interrupted)
                return new WriteProblem(Marshal.GetPInvokeErrorMessage(error), ReaderIsGone: error == BrokenPipe);
        }
        return null;
    }

    /// <summary>The columns and lines of a terminal; zero where it does not tell.</summary>
    public static (int Columns, int Lines) SizeOf(int descriptor)
    {
        // Elsewhere the call that takes any number of arguments cannot be made so, and .NET knows the size of standard output
        // only.
        if (OperatingSystem.IsLinux())
            return Control(descriptor, LinuxWindowSize, out WindowSize size) < 0 ? (0, 0) : (size.Columns, size.Lines);
        return Console.IsOutputRedirected ? (0, 0) : (Console.WindowWidth, Console.WindowHeight);
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Polled(int Descriptor, short Events, short Happened = 0);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct WindowSize(ushort Lines, ushort Columns, ushort Width, ushort Height);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int descriptor, ulong request, out WindowSize size);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Write(int descriptor, ReadOnlySpan<byte> bytes, nint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ReadOnlySpan<Polled> descriptors, nuint count, int milliseconds);
}
