using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using IlgpuDistance.Gpu.Errors;

namespace IlgpuDistance.Gpu.Simd;

/// <summary>
/// Memory for the SIMD bodies, aligned to 64 bytes so that no vector straddles two cache lines. On the CPU
/// accelerator, the host's memory is the device's.
/// </summary>
internal sealed unsafe class AlignedBuffer<T> : SafeHandle where T : unmanaged
{
    private const int Alignment = 64;
    private const string What = "SIMD executor";

    /// <param name="length">Number of values.</param>
    /// <param name="isZeroed">Whether they are set to zero; otherwise whoever writes them first touches the memory first.</param>
    /// <exception cref="MemoryException">There is not enough memory.</exception>
    public AlignedBuffer(nuint length, bool isZeroed = true) : base(0, ownsHandle: true)
    {
        // At least one byte and a vector more than asked for: reading whole vectors at the end stays inside.
        long bytes = HostMemory.BytesOf<T>((UInt128)length + Alignment);
        HostMemory.Require(bytes, What);
        try
        {
            SetHandle((nint)NativeMemory.AlignedAlloc((nuint)bytes, Alignment));
        }
        catch (OutOfMemoryException error)
        {
            throw new MemoryException(What, bytes, HostMemory.LeftBytes, cause: error);
        }
        if (isZeroed)
            NativeMemory.Clear((void*)handle, (nuint)bytes);
        Length = length;
    }

    /// <summary>Replaces a buffer that is missing or shorter than is needed; then its values are zero.</summary>
    /// <exception cref="MemoryException">There is not enough memory; the buffer is null.</exception>
    public static void Grow([NotNull] ref AlignedBuffer<T>? buffer, nuint length)
    {
        if (buffer is not null && buffer.Length >= length)
            return;
        buffer?.Dispose();
        buffer = null;
        buffer = new AlignedBuffer<T>(length);
    }

    public T* Pointer => (T*)handle;

    public nuint Length { get; }

    /// <exception cref="OverflowException">The buffer is longer than a span can be.</exception>
    public Span<T> Span => new(Pointer, checked((int)Length));

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }
}
