using IlgpuDistance.Gpu.Networks;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace IlgpuDistance.Bench.Epochs;

/// <summary>
/// LibTorch, as one who knows it would write the loop. Speaks to it through TorchSharp, which adds microseconds per call.
/// </summary>
internal sealed class TorchEpochs(
    NetworkPlan plan, ReadOnlySpan<float> parameters, TorchData train, TorchData test, EpochCase @case,
    float learningRate) : IEpochs
{
    private readonly TorchNetwork _network = new(plan, parameters);

    public EpochLosses Run(int batches = int.MaxValue)
    {
        // The number of threads belongs to the process, and other cases may have changed it.
        torch.set_num_threads(@case.Threads);
        int batchSize = Math.Min(@case.BatchSize, train.Count);
        int end = (int)Math.Min((long)batches * batchSize, train.Count);
        double lossSum = 0;
        long correct = 0;
        for (int first = 0; first < end; first += batchSize)
            TrainBatch(first, Math.Min(batchSize, end - first), ref lossSum, ref correct);
        return new EpochLosses(lossSum / end, Evaluate(ref correct));
    }

    private void TrainBatch(int first, int count, ref double lossSum, ref long correct)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor images = train.Images.narrow(0, first, count), labels = train.Labels.narrow(0, first, count);
        torch.Tensor logits = _network.Forward(images);
        torch.Tensor loss = cross_entropy(logits, labels);
        IReadOnlyList<torch.Tensor> tensors = _network.Parameters;
        // New gradients instead of sums in Tensor.grad: nothing to set to zero.
        IList<torch.Tensor> gradients = torch.autograd.grad([loss], [.. tensors]);
        using (torch.no_grad())
        {
            for (int i = 0; i < tensors.Count; i++)
                tensors[i].add_(gradients[i], alpha: -learningRate);
            lossSum += loss.item<float>() * (double)count;
            correct += CountCorrect(logits, labels);
        }
    }

    private double Evaluate(ref long correct)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        torch.Tensor logits = _network.Forward(test.Images);
        correct += CountCorrect(logits, test.Labels);
        return cross_entropy(logits, test.Labels).item<float>();
    }

    private static long CountCorrect(torch.Tensor logits, torch.Tensor labels) => logits.argmax(1).eq(labels).sum().item<long>();

    public void Dispose() => _network.Dispose();
}
