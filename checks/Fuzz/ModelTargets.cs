using System.Buffers.Binary;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Training.Models;

namespace IlgpuDistance.Checks.Fuzz;

/// <summary>Saved models.</summary>
internal static class ModelTargets
{
    /// <summary>The targets.</summary>
    public static IEnumerable<FuzzTarget> All(FuzzFolder files)
    {
        byte[] sound = SoundFiles.Model(files);
        int dataStart = sizeof(long) + (int)BinaryPrimitives.ReadInt64LittleEndian(sound);
        void Read(byte[] input)
        {
            SavedModel model = SavedModel.Load(files.Write("saved/model.safetensors", input));
            _ = model.Describe();
            NetworkPlan plan = model.PlanFor(SoundFiles.Data);
            _ = model.ScalingFor(SoundFiles.Data);
            _ = model.ParametersFor(plan);
        }
        yield return new FuzzTarget("model.safetensors", 6, InputForm.Bytes, [sound], Read);
        byte[] soundHeader = sound[sizeof(long)..dataStart];
        yield return new FuzzTarget("model.safetensors with a right length of its header", 12, InputForm.Json, [soundHeader],
            Read)
        {
            Wrap = header => [.. LengthOf(header), .. header, .. sound.AsSpan(dataStart)],
        };
    }

    private static byte[] LengthOf(byte[] header)
    {
        byte[] length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return length;
    }
}
