using ILGPU;
using ILGPU.Runtime;

namespace IlgpuDistance.Checks.Races;

/// <summary>
/// A buffer that begins some bytes behind the beginning of another: ILGPU's own views keep the alignment of their elements.
/// </summary>
internal sealed class ShiftedBuffer : MemoryBuffer
{
    /// <summary>Looks into a buffer, which keeps its memory.</summary>
    /// <param name="buffer">The buffer.</param>
    /// <param name="bytes">Where this one begins.</param>
    public ShiftedBuffer(MemoryBuffer buffer, int bytes)
        : base(buffer.Accelerator, (buffer.LengthInBytes - bytes) / buffer.ElementSize, buffer.ElementSize) =>
        NativePtr = buffer.NativePtr + bytes;

    protected override void DisposeAcceleratorObject(bool disposing) => NativePtr = IntPtr.Zero;

    protected override void MemSet(AcceleratorStream stream, byte value, in ArrayView<byte> targetView) =>
        throw new NotSupportedException();

    protected override void CopyFrom(
        AcceleratorStream stream, in ArrayView<byte> sourceView, in ArrayView<byte> targetView) =>
        throw new NotSupportedException();

    protected override void CopyTo(
        AcceleratorStream stream, in ArrayView<byte> sourceView, in ArrayView<byte> targetView) =>
        throw new NotSupportedException();
}
