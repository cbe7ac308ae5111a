using System.Globalization;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;

namespace IlgpuDistance.Training.Models;

/// <summary>
/// What an optimizer keeps, in a safetensors file: the tensors of the network, each for every name of
/// <see cref="Optimizer.State"/>, e.g.
/// <c>velocity.0.weight</c>, and the number of steps in the metadata.
/// </summary>
internal static class SavedOptimizer
{
    private const string StepsKey = "steps", OptimizerKey = "optimizer";

    /// <summary>Writes a file, atomically.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, NetworkPlan plan, Optimizer optimizer, OptimizerState state) =>
        SafeTensors.Write(path, new TensorFile(
        new Dictionary<string, string>
        {
            [OptimizerKey] = optimizer.ToString(),
            [StepsKey] = state.Steps.ToString(CultureInfo.InvariantCulture),
        },
        [
            .. state.Tensors.SelectMany(kept => plan.Tensors.Select(tensor => new NamedTensor(
                $"{kept.Name}.{tensor.Name}", tensor.Shape, kept.Values.AsMemory(tensor.Offset, tensor.Count)))),
        ]));

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It is missing or damaged, or does not belong to the network or the optimizer.</exception>
    public static OptimizerState Load(string path, NetworkPlan plan, Optimizer optimizer)
    {
        TensorFile file = SafeTensors.Read(path);
        if (file.Metadata.GetValueOrDefault(OptimizerKey) != optimizer.ToString() ||
            !long.TryParse(file.Metadata.GetValueOrDefault(StepsKey), NumberStyles.None, CultureInfo.InvariantCulture,
                out long steps))
        {
            throw new InputException($"{path}: does not say that it holds what \"{optimizer}\" keeps");
        }
        return new OptimizerState(steps,
            [.. optimizer.State.Select(name => new StateTensor(name, SavedModel.ParametersIn(path, file, $"{name}.", plan)))]);
    }
}
