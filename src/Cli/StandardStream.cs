using System.Text;
using Spectre.Console;

namespace IlgpuDistance.Cli;

/// <summary>
/// Standard output or standard error. Writing never throws: the first failure is kept and told, and what comes after it is
/// dropped, because half of a text is worth less than none.
/// </summary>
internal sealed class StandardStream : Stream, IAnsiConsoleOutput
{
    /// <summary>Wide enough that no line of a file or pipe is ever broken.</summary>
    private const int UnlimitedWidth = 10_000;

    /// <summary>Of a terminal that does not tell.</summary>
    private const int UsualWidth = 80, UsualHeight = 24;

    private readonly int _descriptor;
    private readonly Action<WriteProblem> _tell;
    private readonly Stream? _stream;

    private StandardStream(int descriptor, bool isRedirected, Stream? stream, Action<WriteProblem> tell)
    {
        _descriptor = descriptor;
        _tell = tell;
        _stream = stream;
        IsTerminal = !isRedirected;
        // UTF-8 whatever the locale is, so that files and pipes get the same bytes everywhere.
        Encoding encoding =
            IsTerminal && _stream is not null ? Console.OutputEncoding : new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        Writer = TextWriter.Synchronized(new StreamWriter(this, encoding) { AutoFlush = true });
    }

    /// <summary>Opens standard output.</summary>
    /// <param name="tell">Told about the first write that fails.</param>
    public static StandardStream OpenOutput(Action<WriteProblem> tell) =>
        new(1, Console.IsOutputRedirected, OnWindows(Console.OpenStandardOutput), tell);

    /// <summary>Opens standard error.</summary>
    /// <param name="tell">Told about the first write that fails.</param>
    public static StandardStream OpenError(Action<WriteProblem> tell) =>
        new(2, Console.IsErrorRedirected, OnWindows(Console.OpenStandardError), tell);

    /// <summary>Takes a stream for one that was redirected.</summary>
    /// <param name="stream">Gets what is written.</param>
    /// <param name="tell">Told about the first write that fails.</param>
    public static StandardStream Into(Stream stream, Action<WriteProblem> tell) => new(-1, isRedirected: true, stream, tell);

    /// <summary>Why it cannot be written any more; null while it can.</summary>
    public WriteProblem? Problem { get; private set; }

    /// <summary>Writes text to this stream, from any thread.</summary>
    public TextWriter Writer { get; }

    /// <inheritdoc/>
    public bool IsTerminal { get; }

    /// <inheritdoc/>
    public int Width => !IsTerminal ? UnlimitedWidth : Size().Columns is > 0 and int columns ? columns : UsualWidth;

    /// <inheritdoc/>
    public int Height => IsTerminal && Size().Lines is > 0 and int lines ? lines : UsualHeight;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Does nothing: the encoding is chosen at the beginning.</summary>
    public void SetEncoding(Encoding encoding)
    {
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (Problem is not null || (Problem = TryWrite(buffer)) is null)
            return;
        _tell(Problem);
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Does nothing: nothing is held back.</summary>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Elsewhere the descriptors are written without .NET's console.</summary>
    private static Stream? OnWindows(Func<Stream> open) => OperatingSystem.IsWindows() ? open() : null;

    private WriteProblem? TryWrite(ReadOnlySpan<byte> bytes)
    {
        if (_stream is null)
            return Descriptors.Write(_descriptor, bytes);
        try
        {
            _stream.Write(bytes);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new WriteProblem(error.Message, ReaderIsGone: false);
        }
    }

    private (int Columns, int Lines) Size() => Descriptors.SizeOf(_descriptor);
}
