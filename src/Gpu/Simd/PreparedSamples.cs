using System.Runtime.CompilerServices;
using IlgpuDistance.Gpu.Executors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// What the SIMD executor makes of samples, whatever the network: their division into batches, chunks and blocks, their order,
/// and where most bytes are zero their sparse form. It never changes, and executors that take the same samples in the same way
/// share one copy, which is freed when the last of them disposes it.
/// </summary>
internal sealed unsafe class PreparedSamples : IDisposable
{
    /// <summary>
    /// The largest share of bytes that are not zero for which the sparse form is used. Measured on random bytes, it is twice
    /// as fast as the dense one at 0.2 and as fast at 0.9; but at 0.7 it needs three times the memory of the bytes.
    /// </summary>
    private const double SparseDensity = 0.7;

    // What is in use of each samples object; also the lock of its users.
    private static readonly ConditionalWeakTable<Samples, List<PreparedSamples>> InUse = [];

    private readonly List<PreparedSamples> _siblings;
    private readonly int _batchSize;
    private readonly bool _allowsSparse;
    private readonly AlignedBuffer<byte> _labels;
    private int _users;

    private PreparedSamples(List<PreparedSamples> siblings, Samples source, int batchSize, bool allowsSparse)
    {
        _siblings = siblings;
        _batchSize = batchSize;
        _allowsSparse = allowsSparse;
        (BlockStarts, BatchBlocks) = Cut(source.Count, batchSize, Block.Size);
        ChunkSize = batchSize <= Chunk.LargestBatch ? Chunk.Size : Block.Size;
        (ChunkStarts, BatchChunks) = Cut(source.Count, batchSize, ChunkSize);
        Rows = [.. Enumerable.Range(0, source.Count).Select(source.RowOf)];
        if (allowsSparse && source.IsBytes && source.Width <= SparseChunks.LargestWidth)
        {
            BitRows bits = BitRows.Of(source.StoredBytes, source.Width);
            long nonZero = bits.Ones;
            if (nonZero <= SparseDensity * source.StoredBytes.Length)
            {
                NonZeros = (double)nonZero / source.Count;
                SortBatches(bits);
                Sparse = new SparseChunks(source.StoredBytes, bits, Rows, ChunkStarts);
            }
        }
        Order = OrderOf(Rows, source);
        _labels = new AlignedBuffer<byte>((nuint)source.Count);
        for (int n = 0; n < source.Count; n++)
            _labels.Pointer[n] = source.Labels.Span[Order[n]];
    }

    /// <summary>Position of each block's first sample, and behind the last the number of samples.</summary>
    public int[] BlockStarts { get; }

    /// <summary>Index of each batch's first block, and behind the last the number of blocks.</summary>
    public int[] BatchBlocks { get; }

    /// <summary>Samples per chunk: of large batches, which are trained block by block, a chunk is a block.</summary>
    public int ChunkSize { get; }

    /// <summary>Position of each chunk's first sample, and behind the last the number of samples.</summary>
    public int[] ChunkStarts { get; }

    /// <summary>Index of each batch's first chunk, and behind the last the number of chunks.</summary>
    public int[] BatchChunks { get; }

    /// <summary>
    /// Which sample of the source is at each position. A batch's gradient is a sum, so the order within a batch is free.
    /// </summary>
    public int[] Order { get; }

    /// <summary>Which row of the values as they are stored is at each position.</summary>
    public int[] Rows { get; }

    /// <summary>The bytes in sparse form, or null.</summary>
    public SparseChunks? Sparse { get; }

    /// <summary>Mean number of a sample's bytes that are not zero; known where there is a sparse form.</summary>
    public double NonZeros { get; }

    /// <summary>The classes, in the order of <see cref="Order"/>: [samples]</summary>
    public byte* Labels => _labels.Pointer;

    /// <summary>Prepares samples, or finds them prepared. Each call asks for one of <see cref="Dispose"/>.</summary>
    /// <param name="source">The samples; the same object for those that share it.</param>
    /// <param name="batchSize">Samples per batch, at most all.</param>
    /// <param name="allowSparse">Whether the first layer can read the sparse form.</param>
    /// <exception cref="Errors.MemoryException">There is not enough memory.</exception>
    public static PreparedSamples Take(Samples source, int batchSize, bool allowSparse)
    {
        List<PreparedSamples> siblings = InUse.GetOrCreateValue(source);
        // Held while they are prepared: who comes second is to wait rather than to do the same work.
        lock (siblings)
        {
            PreparedSamples? prepared =
                siblings.Find(known => known._batchSize == batchSize && known._allowsSparse == allowSparse);
            if (prepared is null)
                siblings.Add(prepared = new PreparedSamples(siblings, source, batchSize, allowSparse));
            prepared._users++;
            return prepared;
        }
    }

    /// <summary>Ends one use; frees the memory after the last.</summary>
    public void Dispose()
    {
        lock (_siblings)
        {
            if (--_users > 0)
                return;
            _siblings.Remove(this);
        }
        _labels.Dispose();
        Sparse?.Dispose();
    }

    private void SortBatches(BitRows bits)
    {
        Parallel.For(0, BatchBlocks.Length - 1, batch =>
        {
            int first = BlockStarts[BatchBlocks[batch]], end = BlockStarts[BatchBlocks[batch + 1]];
            SimilarityOrder.Sort(bits, Rows.AsMemory(first..end));
        });
    }

    /// <summary>Which sample is at each position, when it is known which row is.</summary>
    private static int[] OrderOf(int[] rows, Samples source)
    {
        int[] samples = new int[rows.Length];
        for (int sample = 0; sample < rows.Length; sample++)
            samples[source.RowOf(sample)] = sample;
        return [.. rows.Select(row => samples[row])];
    }

    /// <summary>Cuts batches into pieces: where each piece starts, and which is the first of each batch.</summary>
    private static (int[] Starts, int[] OfBatches) Cut(int count, int batchSize, int pieceSize)
    {
        var starts = new List<int>();
        var ofBatches = new List<int>();
        for (long start = 0; start < count; start += batchSize)
        {
            ofBatches.Add(starts.Count);
            int end = (int)Math.Min(start + batchSize, count);
            for (int first = (int)start; first < end; first += pieceSize)
                starts.Add(first);
        }
        ofBatches.Add(starts.Count);
        starts.Add(count);
        return ([.. starts], [.. ofBatches]);
    }
}
