using IlgpuDistance.Gpu.Executors;
using TorchSharp;

namespace IlgpuDistance.Bench.Epochs;

/// <summary>Samples as LibTorch reads them fastest: contiguous float32 images and int64 labels, converted once.</summary>
internal sealed class TorchData(Samples samples) : IDisposable
{
    /// <summary>[samples, width]</summary>
    public torch.Tensor Images { get; } = ToImages(samples);

    /// <summary>[samples]</summary>
    public torch.Tensor Labels { get; } = ToLabels(samples);

    public int Count { get; } = samples.Count;

    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }

    private static torch.Tensor ToImages(Samples samples)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor bytes = torch.tensor(samples.Bytes.ToArray(), [samples.Count, samples.Width]);
        return (bytes.to(torch.float32) * samples.Scale + samples.Shift).contiguous().DetachFromDisposeScope();
    }

    private static torch.Tensor ToLabels(Samples samples)
    {
        using var scope = torch.NewDisposeScope();
        return torch.tensor(samples.Labels.ToArray(), [samples.Count]).to(torch.int64).DetachFromDisposeScope();
    }
}
