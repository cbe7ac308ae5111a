using System.IO.Compression;

namespace IlgpuDistance.Training.Data;

/// <summary>
/// What a gzip file of one or more members holds, with the certainty that its end is there and nothing foreign behind it.
/// </summary>
/// <remarks>
/// .NET's decoder compares the checksum at the end of a member when it meets it; but it takes an input that ends before for a
/// complete one, and passes over whatever else follows. Here it finds one more member behind the file, with known contents.
/// Only if the file ends where a member ends does the decoder arrive at them: what is missing of a checksum would be taken from
/// the bytes of that member and be wrong, and foreign bytes would end the decoding before it.
/// </remarks>
internal sealed class GzipContents : ReadOnlyStream
{
    private const int BlockBytes = 1 << 16;

    private static readonly byte[] Mark = "end of the file"u8.ToArray();
    private static readonly byte[] MarkMember = Compress(Mark);

    private readonly GZipStream _decoder;

    // Decoded bytes from _begin to _end; the last of them may be the mark and are given out only when more follow.
    private readonly byte[] _decoded = new byte[BlockBytes];
    private int _begin, _end;
    private bool _isAtEnd;

    /// <summary>The contents of a file.</summary>
    /// <param name="file">The file from its beginning; closed together with this stream.</param>
    public GzipContents(Stream file) => _decoder = new GZipStream(new Extended(file), CompressionMode.Decompress);

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The data is damaged, its end is missing, or something else follows it.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!_isAtEnd && _end - _begin <= Mark.Length)
            Decode();
        int count = Math.Min(buffer.Length, _end - _begin - Mark.Length);
        _decoded.AsSpan(_begin, count).CopyTo(buffer);
        _begin += count;
        return count;
    }

    private void Decode()
    {
        _decoded.AsSpan(_begin.._end).CopyTo(_decoded);
        (_begin, _end) = (0, _end - _begin);
        int count = _decoder.Read(_decoded.AsSpan(_end));
        _end += count;
        _isAtEnd = count == 0;
        if (_isAtEnd && !_decoded.AsSpan(.._end).SequenceEqual(Mark))
            throw new InvalidDataException("the gzip data does not end where the file ends");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _decoder.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Compress(byte[] contents)
    {
        using var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.Fastest))
            gzip.Write(contents);
        return member.ToArray();
    }

    /// <summary>A file, and the member with the mark behind it.</summary>
    private sealed class Extended(Stream file) : ReadOnlyStream
    {
        private int _given;

        public override int Read(Span<byte> buffer)
        {
            int count = file.Read(buffer);
            if (count > 0 || buffer.IsEmpty)
                return count;
            ReadOnlySpan<byte> rest = MarkMember.AsSpan(_given);
            count = Math.Min(rest.Length, buffer.Length);
            rest[..count].CopyTo(buffer);
            _given += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                file.Dispose();
            base.Dispose(disposing);
        }
    }
}
